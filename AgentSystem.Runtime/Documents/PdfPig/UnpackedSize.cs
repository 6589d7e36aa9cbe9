using System.IO.Compression;

namespace AgentSystem.Runtime.Documents.PdfPig;

/// <summary>How large a packed stream gets, found without keeping what it unpacks to (ISO 32000-1, 7.4.4 and 7.4.5). Counting ends above the limit.</summary>
internal static class UnpackedSize
{
    private const int BufferBytes = 64 * 1024;
    private const int ClearTable = 256, EndOfData = 257, FirstFree = 258, TableSize = 4096;

    public static long OfFlate(ReadOnlyMemory<byte> packed, long limit)
    {
        using var source = new MemoryStream(packed.ToArray(), writable: false);
        using var inflated = new ZLibStream(source, CompressionMode.Decompress);
        var buffer = new byte[BufferBytes];
        long length = 0;
        try
        {
            int read;
            while (length <= limit && (read = inflated.Read(buffer)) > 0)
            {
                length += read;
            }
        }
        catch (InvalidDataException)
        {
            // A damaged stream gives what stands before the damage, to the parser as well.
        }

        return length;
    }

    public static long OfRunLength(ReadOnlySpan<byte> packed, long limit)
    {
        long length = 0;
        for (var i = 0; i < packed.Length && packed[i] != 128 && length <= limit;)
        {
            length += packed[i] < 128 ? packed[i] + 1 : 257 - packed[i];
            i += packed[i] < 128 ? packed[i] + 2 : 2;
        }

        return length;
    }

    /// <summary>Codes may widen one entry early or not; which is the case stands elsewhere, so the larger size counts.</summary>
    public static long OfLzw(ReadOnlySpan<byte> packed, long limit) => Math.Max(OfLzw(packed, 1, limit), OfLzw(packed, 0, limit));

    private static long OfLzw(ReadOnlySpan<byte> packed, int early, long limit)
    {
        Span<int> lengths = stackalloc int[TableSize];
        lengths[..ClearTable].Fill(1);
        var (next, width, before) = (FirstFree, 9, 0);
        long length = 0;
        var (bits, held) = (0u, 0);
        foreach (var octet in packed)
        {
            bits = (bits << 8) | octet;
            held += 8;
            if (held < width)
            {
                continue;
            }

            held -= width;
            var code = (int)((bits >> held) & ((1u << width) - 1));
            if (code == EndOfData || length > limit)
            {
                break;
            }

            if (code == ClearTable)
            {
                (next, width, before) = (FirstFree, 9, 0);
                continue;
            }

            // A code that is not in the table yet is the entry made now: the last one and one byte more.
            var entry = code < ClearTable ? 1 : code < next ? lengths[code] : before + 1;
            if (before > 0 && next < TableSize)
            {
                lengths[next++] = before + 1;
                width = Math.Min(12, next + early >= 2048 ? 12 : next + early >= 1024 ? 11 : next + early >= 512 ? 10 : 9);
            }

            length += entry;
            before = entry;
        }

        return length;
    }
}
