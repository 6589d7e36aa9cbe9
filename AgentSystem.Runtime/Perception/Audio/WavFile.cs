using System.Buffers.Binary;

namespace AgentSystem.Runtime.Perception.Audio;

/// <summary>WAV: RIFF with PCM of 8 to 32 bits, floating point, A-law or µ-law (Microsoft's WAVEFORMATEX and its extensible form).</summary>
internal static class WavFile
{
    private const int Pcm = 1;
    private const int Float = 3;
    private const int ALaw = 6;
    private const int MuLaw = 7;
    private const int Extensible = 0xFFFE;

    public static (AudioProbe?, PartProblem?) Probe(ReadOnlyMemory<byte> file, PerceptionOptions limits)
    {
        var bytes = file.Span;
        var size = bytes.Length < 12 ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) + 8L;
        if (size < 12 || size > bytes.Length)
        {
            return Refuse.Truncated;
        }

        if (size < bytes.Length && MediaSniffer.BeginsAnother(bytes[(int)size..]))
        {
            return Refuse.TwoFiles;
        }

        (int Tag, int Channels, int Rate, int Bits)? format = null;
        ReadOnlyMemory<byte>? samples = null;
        var other = 0L;
        for (var at = 12L; at + 8 <= size;)
        {
            var type = bytes.Slice((int)at, 4);
            long length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[((int)at + 4)..]);
            if (length > size - at - 8)
            {
                return Refuse.Truncated;
            }

            var data = file.Slice((int)at + 8, (int)length);
            if (type.SequenceEqual("fmt "u8) && length >= 16)
            {
                format = Format(data.Span);
            }
            else if (type.SequenceEqual("data"u8))
            {
                samples = data;
            }
            else
            {
                other += length;
            }

            at += 8 + length + (length & 1);
        }

        if (other > limits.MaxHeaderBytes)
        {
            return Refuse.HeaderTooLong(limits.MaxHeaderBytes);
        }

        if (format is not { Channels: >= 1 and <= 32, Rate: >= 1 and <= 768_000 } known || samples is not { } sound)
        {
            return Refuse.Malformed("it has no format or no samples");
        }

        var supported = (known.Tag, known.Bits) is (Pcm, 8 or 16 or 24 or 32) or (Float, 32 or 64) or (ALaw or MuLaw, 8);
        var frame = known.Channels * Math.Max(known.Bits, 8) / 8;
        if (!supported || frame == 0)
        {
            return (null, new PartProblem(415, "audio_codec_not_supported", $"The WAV file holds samples of a kind that is not supported (format {known.Tag}, {known.Bits} bits); save it as PCM of 16 bits."));
        }

        return (new AudioProbe("wav", (double)(sound.Length / frame) / known.Rate, known.Rate, known.Channels, known.Bits, () => new Samples(sound, known.Tag, known.Bits, known.Rate, known.Channels)), null);
    }

    private static (int, int, int, int) Format(ReadOnlySpan<byte> data)
    {
        int tag = BinaryPrimitives.ReadUInt16LittleEndian(data);
        if (tag == Extensible && data.Length >= 26)
        {
            tag = BinaryPrimitives.ReadUInt16LittleEndian(data[24..]);
        }

        return (tag, BinaryPrimitives.ReadUInt16LittleEndian(data[2..]), (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(data[4..]), int.MaxValue), BinaryPrimitives.ReadUInt16LittleEndian(data[14..]));
    }

    private sealed class Samples(ReadOnlyMemory<byte> data, int tag, int bits, int rate, int channels) : IAudioSamples
    {
        private int at;

        public int SampleRate => rate;

        public int Channels => channels;

        public int Read(Span<float> buffer)
        {
            var width = bits / 8;
            var count = Math.Min(buffer.Length, (data.Length - at) / width);
            for (var i = 0; i < count; i++, at += width)
            {
                var sample = Sample(data.Span[at..]);
                buffer[i] = float.IsFinite(sample) ? Math.Clamp(sample, -1, 1) : 0;
            }

            return count;
        }

        public void Dispose()
        {
            // The samples are the file's own bytes.
        }

        private float Sample(ReadOnlySpan<byte> from) => (tag, bits) switch
        {
            (Pcm, 8) => (from[0] - 128) / 128f,
            (Pcm, 16) => BinaryPrimitives.ReadInt16LittleEndian(from) / 32768f,
            (Pcm, 24) => ((from[0] << 8) | (from[1] << 16) | (from[2] << 24)) / 2147483648f,
            (Pcm, _) => BinaryPrimitives.ReadInt32LittleEndian(from) / 2147483648f,
            (Float, 32) => BinaryPrimitives.ReadSingleLittleEndian(from),
            (Float, _) => (float)BinaryPrimitives.ReadDoubleLittleEndian(from),
            (ALaw, _) => Law(from[0] ^ 0x55, inverted: false),
            _ => Law(~from[0] & 0xFF, inverted: true),
        };

        /// <summary>ITU-T G.711: a sign, three bits of exponent and four of mantissa.</summary>
        private static float Law(int code, bool inverted)
        {
            var (exponent, mantissa) = ((code >> 4) & 7, code & 15);
            var magnitude = inverted
                ? (((mantissa << 3) + 132) << exponent) - 132
                : exponent == 0 ? (mantissa << 4) + 8 : ((mantissa << 4) + 264) << (exponent - 1);
            return ((code & 0x80) != 0) == inverted ? -magnitude / 32768f : magnitude / 32768f;
        }
    }
}
