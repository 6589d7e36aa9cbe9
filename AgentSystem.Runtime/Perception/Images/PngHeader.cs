using System.Buffers.Binary;

namespace AgentSystem.Runtime.Perception.Images;

/// <summary>PNG (W3C, third edition) with APNG's frame count. Only what draws is handed to the decoder: compressed texts and profiles are never unpacked.</summary>
internal static class PngHeader
{
    private const int Signature = 8;
    private const int Around = 12;

    public static (ImageHeader?, PartProblem?) Read(ReadOnlyMemory<byte> file)
    {
        var bytes = file.Span;
        ImageHeader? header = null;
        var drawn = false;
        for (var at = Signature; at <= bytes.Length - Around;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
            if (length > bytes.Length - at - Around)
            {
                return ImageHeaders.Truncated;
            }

            var type = bytes.Slice(at + 4, 4);
            var data = bytes.Slice(at + 8, (int)length);
            var next = at + Around + (int)length;
            if (header is null)
            {
                if (!type.SequenceEqual("IHDR"u8) || length != 13)
                {
                    return ImageHeaders.Malformed("it does not begin with its size");
                }

                var (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(data), BinaryPrimitives.ReadUInt32BigEndian(data[4..]));
                header = new ImageHeader("image/png", (int)Math.Min(width, int.MaxValue), (int)Math.Min(height, int.MaxValue));
                header.Picture.Add(..Signature);
            }
            else if (type.SequenceEqual("acTL"u8) && length == 8)
            {
                header.Frames = (int)Math.Clamp(BinaryPrimitives.ReadUInt32BigEndian(data), 1, int.MaxValue);
            }

            if (IsPicture(type))
            {
                header.Picture.Add(at..next);
            }
            else
            {
                header.Found(Kind(type), length);
                header.Exif = type.SequenceEqual("eXIf"u8) ? file.Slice(at + 8, (int)length) : header.Exif;
            }

            drawn |= type.SequenceEqual("IDAT"u8);
            if (type.SequenceEqual("IEND"u8))
            {
                header.End = next;
                return drawn ? (header, null) : ImageHeaders.Malformed("it holds no picture");
            }

            at = next;
        }

        return ImageHeaders.Truncated;
    }

    private static bool IsPicture(ReadOnlySpan<byte> type) =>
        type.SequenceEqual("IHDR"u8) || type.SequenceEqual("PLTE"u8) || type.SequenceEqual("tRNS"u8) || type.SequenceEqual("IDAT"u8) || type.SequenceEqual("IEND"u8);

    private static string Kind(ReadOnlySpan<byte> type) =>
        type.SequenceEqual("eXIf"u8) ? "exif" : type.SequenceEqual("iCCP"u8) ? "icc"
        : type.SequenceEqual("tEXt"u8) || type.SequenceEqual("zTXt"u8) || type.SequenceEqual("iTXt"u8) ? "text"
        : type.SequenceEqual("acTL"u8) || type.SequenceEqual("fcTL"u8) || type.SequenceEqual("fdAT"u8) ? "animation" : "other";
}
