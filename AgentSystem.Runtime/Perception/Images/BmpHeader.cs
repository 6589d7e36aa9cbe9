using System.Buffers.Binary;

namespace AgentSystem.Runtime.Perception.Images;

/// <summary>BMP, as Windows has written it since version 2: pictures without compression, or in runs.</summary>
internal static class BmpHeader
{
    public static (ImageHeader?, PartProblem?) Read(ReadOnlyMemory<byte> file)
    {
        var bytes = file.Span;
        if (bytes.Length < 54 && (bytes.Length < 26 || bytes[14] != 12))
        {
            return ImageHeaders.Truncated;
        }

        var old = BinaryPrimitives.ReadUInt32LittleEndian(bytes[14..]) == 12;
        long width = old ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[18..]) : BinaryPrimitives.ReadInt32LittleEndian(bytes[18..]);
        long height = old ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[20..]) : Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(bytes[22..]));
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(old ? 24 : 28)..]);
        var compression = old ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(bytes[30..]);
        if (width is < 1 or > int.MaxValue || height is < 1 or > int.MaxValue || bits is not (1 or 4 or 8 or 16 or 24 or 32))
        {
            return ImageHeaders.Malformed("its size or depth is none");
        }

        var start = BinaryPrimitives.ReadUInt32LittleEndian(bytes[10..]);
        var rows = compression is 0 or 3 ? (((width * bits) + 31) / 32 * 4) * height : 0;
        if (start + rows > bytes.Length || start >= bytes.Length)
        {
            return ImageHeaders.Truncated;
        }

        return (new ImageHeader("image/bmp", (int)width, (int)height) { End = rows == 0 ? bytes.Length : (int)(start + rows) }, null);
    }
}
