using System.Buffers.Binary;
using AgentSystem.Runtime.Perception.Audio.Concentus;

namespace AgentSystem.Runtime.Perception.Audio;

/// <summary>Ogg (RFC 3533) with Opus (RFC 7845), which is decoded, or Vorbis, whose header is read. One stream; pages of others are passed over.</summary>
internal static class OggFile
{
    private const int Head = 27;

    public static (AudioProbe?, PartProblem?) Probe(ReadOnlyMemory<byte> file, PerceptionOptions limits)
    {
        var (packets, granule, problem) = Read(file, limits);
        if (packets is null)
        {
            return (null, problem);
        }

        var first = packets.Count == 0 ? default : packets[0].Span;
        if (first.StartsWith("OpusHead"u8) && first.Length >= 19)
        {
            int channels = first[9];
            int skipped = BinaryPrimitives.ReadUInt16LittleEndian(first[10..]);
            // Family 0 is one stream of one or two channels; others need a table that this decoder is not given.
            var decodes = first[18] == 0 && channels is 1 or 2;
            return channels == 0 || granule < skipped
                ? Refuse.Malformed("it has no channels or no length")
                : (new AudioProbe("opus", (granule - skipped) / 48000.0, 48000, channels, null, decodes ? () => new OpusSamples(packets, channels, skipped) : null), null);
        }

        if (first.StartsWith("\u0001vorbis"u8) && first.Length >= 30)
        {
            var (channels, rate) = ((int)first[11], BinaryPrimitives.ReadUInt32LittleEndian(first[12..]));
            return channels == 0 || rate is 0 or > 768_000 ? Refuse.Malformed("it has no channels or no rate") : (new AudioProbe("vorbis", (double)granule / rate, (int)rate, channels, null, null), null);
        }

        return (null, new PartProblem(415, "audio_codec_not_supported", "The Ogg file holds neither Opus nor Vorbis; send one of these, or WAV, FLAC or MP3."));
    }

    /// <summary>The packets of the first stream and its last position.</summary>
    private static (List<ReadOnlyMemory<byte>>? Packets, long Granule, PartProblem? Problem) Read(ReadOnlyMemory<byte> file, PerceptionOptions limits)
    {
        var bytes = file.Span;
        var packets = new List<ReadOnlyMemory<byte>>();
        using var open = new MemoryStream();
        uint? stream = null;
        var (granule, ended) = (0L, false);
        for (var at = 0; at < bytes.Length;)
        {
            if (ended || !bytes[at..].StartsWith("OggS"u8))
            {
                return ended && !MediaSniffer.BeginsAnother(bytes[at..]) ? (packets, granule, null) : (null, 0, ended ? PartProblem.TwoFiles : PartProblem.Malformed("audio", "a page does not begin where it should"));
            }

            if (at + Head > bytes.Length || at + Head + bytes[at + 26] > bytes.Length)
            {
                return (null, 0, PartProblem.Truncated("audio"));
            }

            var (flags, serial) = (bytes[at + 5], BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at + 14)..]));
            var table = bytes.Slice(at + Head, bytes[at + 26]);
            var data = at + Head + table.Length;
            stream ??= serial;
            foreach (var lace in table)
            {
                if (data + lace > bytes.Length)
                {
                    return (null, 0, PartProblem.Truncated("audio"));
                }

                if (serial == stream)
                {
                    open.Write(bytes.Slice(data, lace));
                    if (open.Length > limits.MaxHeaderBytes)
                    {
                        return (null, 0, PartProblem.HeaderTooLong("audio", limits.MaxHeaderBytes));
                    }

                    if (lace < 255)
                    {
                        packets.Add(open.ToArray());
                        open.SetLength(0);
                    }
                }

                data += lace;
            }

            if (serial == stream)
            {
                granule = Math.Max(granule, BinaryPrimitives.ReadInt64LittleEndian(bytes[(at + 6)..]));
                ended = (flags & 4) != 0;
            }

            at = data;
        }

        return ended ? (packets, granule, null) : (null, 0, PartProblem.Truncated("audio"));
    }
}
