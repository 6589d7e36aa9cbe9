using System.Buffers.Binary;

namespace AgentSystem.Runtime.Perception.Images;

/// <summary>WebP (RFC 9649).</summary>
internal static class WebPHeader
{
    public static (ImageHeader?, PartProblem?) Read(ReadOnlyMemory<byte> file)
    {
        var bytes = file.Span;
        var size = bytes.Length < 12 ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        if (size < 4 || size + 8L > bytes.Length)
        {
            return ImageHeaders.Truncated;
        }

        var end = (int)(size + 8);
        ImageHeader? header = null;
        var (frames, pictures) = (0, 0);
        for (var at = 12; at + 8 <= end;)
        {
            var type = bytes.Slice(at, 4);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at + 4)..]);
            if (length > end - at - 8)
            {
                return ImageHeaders.Truncated;
            }

            var data = bytes.Slice(at + 8, (int)length);
            if (type.SequenceEqual("VP8X"u8) && data.Length >= 10)
            {
                header ??= new ImageHeader("image/webp", Three(data[4..]) + 1, Three(data[7..]) + 1);
            }
            else if (type.SequenceEqual("VP8 "u8) && data.Length >= 10)
            {
                pictures++;
                header ??= new ImageHeader("image/webp", BinaryPrimitives.ReadUInt16LittleEndian(data[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(data[8..]) & 0x3FFF);
            }
            else if (type.SequenceEqual("VP8L"u8) && data.Length >= 5)
            {
                pictures++;
                var packed = BinaryPrimitives.ReadUInt32LittleEndian(data[1..]);
                header ??= new ImageHeader("image/webp", (int)(packed & 0x3FFF) + 1, (int)((packed >> 14) & 0x3FFF) + 1);
            }
            else if (type.SequenceEqual("ANMF"u8))
            {
                frames++;
            }
            else if (header is not null && !type.SequenceEqual("ALPH"u8) && !type.SequenceEqual("ANIM"u8))
            {
                header.Found(type.SequenceEqual("EXIF"u8) ? "exif" : type.SequenceEqual("XMP "u8) ? "xmp" : type.SequenceEqual("ICCP"u8) ? "icc" : "other", length);
                header.Exif = type.SequenceEqual("EXIF"u8) ? AfterMark(file.Slice(at + 8, (int)length)) : header.Exif;
            }

            // Chunks begin at even places.
            at += 8 + (int)length + (int)(length & 1);
        }

        if (header is null || frames + pictures == 0)
        {
            return ImageHeaders.Malformed("it holds no picture");
        }

        (header.End, header.Frames) = (end, Math.Max(frames, 1));
        return (header, null);
    }

    /// <summary>Some writers put JPEG's mark in front.</summary>
    private static ReadOnlyMemory<byte> AfterMark(ReadOnlyMemory<byte> exif) => exif.Span.StartsWith("Exif\0\0"u8) ? exif[6..] : exif;

    private static int Three(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
}
