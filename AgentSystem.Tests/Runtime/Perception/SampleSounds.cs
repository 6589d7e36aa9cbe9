using System.Buffers.Binary;
using Concentus;
using Concentus.Enums;

namespace AgentSystem.Tests.Runtime.Perception;

/// <summary>Sounds for tests, made here: silence, a tone of 440 Hz at half of full scale in the middle, silence.</summary>
internal static class SampleSounds
{
    /// <summary>The tone sounds from here.</summary>
    public const double From = 0.3;

    /// <summary>The tone sounds to here.</summary>
    public const double To = 0.7;

    /// <summary>One second, mono.</summary>
    public static short[] Tone(int rate) =>
        [.. Enumerable.Range(0, rate).Select(i => (double)i / rate).Select(static at => at is < From or > To ? (short)0 : (short)Math.Round(16_384 * Math.Sin(2 * Math.PI * 440 * at)))];

    public static byte[] Wav(short[] samples, int rate, int channels = 1)
    {
        var bytes = new byte[44 + (samples.Length * 2)];
        "RIFF"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), bytes.Length - 8);
        "WAVEfmt "u8.CopyTo(bytes.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(22), (short)channels);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(24), rate);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(28), rate * channels * 2);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(32), (short)(channels * 2));
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(34), 16);
        "data"u8.CopyTo(bytes.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(40), samples.Length * 2);
        for (var i = 0; i < samples.Length; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(44 + (i * 2)), samples[i]);
        }

        return bytes;
    }

    public static byte[] Wav() => Wav(Tone(16_000), 16_000);

    /// <summary>The tone as Opus in Ogg, one packet of 20 ms a page.</summary>
    public static byte[] Opus()
    {
        const int frame = 960;
        using var encoder = OpusCodecFactory.CreateEncoder(48_000, 1, OpusApplication.OPUS_APPLICATION_AUDIO);
        var samples = Tone(48_000);
        var all = new List<byte>();
        all.AddRange(Page(2, 0, 0, [.. "OpusHead"u8, 1, 1, 0x38, 0x01, 0x80, 0xBB, 0, 0, 0, 0, 0]));
        all.AddRange(Page(0, 0, 1, [.. "OpusTags"u8, 4, 0, 0, 0, .. "test"u8, 0, 0, 0, 0]));
        var packet = new byte[1_275];
        for (var i = 0; i < samples.Length / frame; i++)
        {
            var length = encoder.Encode(samples.AsSpan(i * frame, frame), frame, packet, packet.Length);
            all.AddRange(Page((byte)(i == (samples.Length / frame) - 1 ? 4 : 0), (i + 1) * frame, i + 2, packet[..length]));
        }

        return [.. all];
    }

    /// <summary>The beginning of a FLAC file of ten seconds: what is said in front, and one byte pair that begins a frame.</summary>
    public static byte[] Flac()
    {
        var bytes = new byte[64];
        "fLaC"u8.CopyTo(bytes);
        bytes[4] = 0x80;
        bytes[7] = 34;
        // 44,100 Hz in 20 bits, two channels less one in 3, 16 bits less one in 5, 441,000 samples in 36.
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(18), (44_100UL << 44) | (1UL << 41) | (15UL << 36) | 441_000UL);
        bytes[42] = 0xFF;
        bytes[43] = 0xF8;
        return bytes;
    }

    private static byte[] Page(byte flags, long granule, int sequence, byte[] packet)
    {
        var lacing = Enumerable.Repeat((byte)255, packet.Length / 255).Append((byte)(packet.Length % 255)).ToArray();
        var head = new byte[27];
        "OggS"u8.CopyTo(head);
        head[5] = flags;
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(6), granule);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(14), 7);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(18), sequence);
        head[26] = (byte)lacing.Length;
        return [.. head, .. lacing, .. packet];
    }
}
