using System.Buffers.Binary;

namespace AgentSystem.Runtime.Perception.Audio;

/// <summary>FLAC (RFC 9639): its stream information. The samples are not decoded here, so there is no level.</summary>
internal static class FlacFile
{
    public static (AudioProbe?, PartProblem?) Probe(ReadOnlyMemory<byte> file, PerceptionOptions limits)
    {
        var bytes = file.Span;
        if (bytes.Length < 42)
        {
            return Refuse.Truncated;
        }

        if ((bytes[4] & 0x7F) != 0 || Length(bytes[4..]) != 34)
        {
            return Refuse.Malformed("it does not begin with its stream information");
        }

        var packed = BinaryPrimitives.ReadUInt64BigEndian(bytes[18..]);
        var (rate, channels, bits, total) = ((int)(packed >> 44), (int)((packed >> 41) & 7) + 1, (int)((packed >> 36) & 31) + 1, (long)(packed & 0xF_FFFF_FFFF));
        if (rate == 0 || total == 0)
        {
            return Refuse.Malformed("it does not say how long it is");
        }

        var (at, last, metadata) = (4, false, 0L);
        while (!last)
        {
            if (at + 4 > bytes.Length || at + 4 + Length(bytes[at..]) > bytes.Length)
            {
                return Refuse.Truncated;
            }

            last = (bytes[at] & 0x80) != 0;
            metadata += Length(bytes[at..]);
            at += 4 + Length(bytes[at..]);
        }

        return metadata > limits.MaxHeaderBytes ? Refuse.HeaderTooLong(limits.MaxHeaderBytes)
            : at + 2 > bytes.Length ? Refuse.Truncated
            : bytes[at] != 0xFF || (bytes[at + 1] & 0xFC) != 0xF8 ? Refuse.Malformed("no frame stands where the first one should")
            : (new AudioProbe("flac", (double)total / rate, rate, channels, bits, null), null);
    }

    private static int Length(ReadOnlySpan<byte> block) => (block[1] << 16) | (block[2] << 8) | block[3];
}
