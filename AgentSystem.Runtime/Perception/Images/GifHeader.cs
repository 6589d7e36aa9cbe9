using System.Buffers.Binary;

namespace AgentSystem.Runtime.Perception.Images;

/// <summary>GIF (89a). Blocks are walked, nothing is unpacked; every picture counts as a frame of the whole canvas.</summary>
internal static class GifHeader
{
    public static (ImageHeader?, PartProblem?) Read(ReadOnlyMemory<byte> file)
    {
        var bytes = file.Span;
        if (bytes.Length < 13)
        {
            return ImageHeaders.Truncated;
        }

        var header = new ImageHeader("image/gif", BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]), BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..])) { Frames = 0 };
        var at = 13 + Table(bytes[10]);
        while (at < bytes.Length)
        {
            switch (bytes[at])
            {
                case 0x3B:
                    header.End = at + 1;
                    return header.Frames > 0 ? (header, null) : ImageHeaders.Malformed("it holds no picture");
                case 0x21 when at + 1 < bytes.Length:
                    var after = Blocks(bytes, at + 2);
                    if (bytes[at + 1] is 0xFE or 0x01)
                    {
                        header.Found("text", after - at);
                    }
                    else if (bytes[at + 1] == 0xFF)
                    {
                        header.Found("other", after - at);
                    }

                    at = after;
                    break;
                case 0x2C when at + 10 < bytes.Length:
                    header.Frames++;
                    at = Blocks(bytes, at + 11 + Table(bytes[at + 9]));
                    break;
                case 0x21 or 0x2C:
                    return ImageHeaders.Truncated;
                default:
                    return ImageHeaders.Malformed("a block does not begin where it should");
            }
        }

        return ImageHeaders.Truncated;
    }

    private static int Table(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);

    /// <summary>Behind a chain of blocks, each with its length in front; beyond the file when it does not end.</summary>
    private static int Blocks(ReadOnlySpan<byte> bytes, int at)
    {
        while (at < bytes.Length && bytes[at] != 0)
        {
            at += bytes[at] + 1;
        }

        return at + 1;
    }
}
