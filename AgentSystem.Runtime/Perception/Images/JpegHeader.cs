using System.Buffers.Binary;

namespace AgentSystem.Runtime.Perception.Images;

/// <summary>JPEG (ITU-T T.81). The decoder is given the segments that draw; what applications put in (APPn, but for Adobe's colour transform) and comments are left out.</summary>
internal static class JpegHeader
{
    public static (ImageHeader?, PartProblem?) Read(ReadOnlyMemory<byte> file)
    {
        var bytes = file.Span;
        var header = new ImageHeader("image/jpeg", 0, 0) { Scans = 0 };
        header.Picture.Add(..2);
        for (var at = 2; at + 1 < bytes.Length;)
        {
            if (bytes[at] != 0xFF)
            {
                return ImageHeaders.Malformed("a segment does not begin where it should");
            }

            var marker = bytes[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }

            if (marker == 0xD9)
            {
                header.Picture.Add(at..(at + 2));
                header.End = at + 2;
                return header is { Width: > 0, Scans: > 0 } ? (header, null) : ImageHeaders.Malformed("it holds no picture");
            }

            if (at + 4 > bytes.Length || BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]) is var length && (length < 2 || at + 2 + length > bytes.Length))
            {
                return ImageHeaders.Truncated;
            }

            var (data, next) = (file.Slice(at + 4, length - 2), at + 2 + length);
            if (IsMetadata(marker))
            {
                Note(header, marker, data);
                at = next;
                continue;
            }

            if (IsFrame(marker))
            {
                if (data.Length < 6 || header.Width > 0)
                {
                    return ImageHeaders.Malformed("it has no size, or two");
                }

                var (height, width) = (BinaryPrimitives.ReadUInt16BigEndian(data.Span[1..]), BinaryPrimitives.ReadUInt16BigEndian(data.Span[3..]));
                header = Sized(header, width, height);
            }

            var end = marker == 0xDA ? AfterScan(bytes, next) : next;
            header.Scans += marker == 0xDA ? 1 : 0;
            header.Picture.Add(at..end);
            at = end;
        }

        return ImageHeaders.Truncated;
    }

    private static ImageHeader Sized(ImageHeader old, int width, int height)
    {
        var sized = new ImageHeader(old.MediaType, width, height) { Scans = old.Scans, MetadataBytes = old.MetadataBytes, Exif = old.Exif };
        sized.Metadata.UnionWith(old.Metadata);
        sized.Picture.AddRange(old.Picture);
        return sized;
    }

    /// <summary>Where the next marker stands that is no restart and no stuffed byte.</summary>
    private static int AfterScan(ReadOnlySpan<byte> bytes, int at)
    {
        while (at + 1 < bytes.Length)
        {
            var found = bytes[at..].IndexOf((byte)0xFF);
            if (found < 0 || at + found + 1 >= bytes.Length)
            {
                return bytes.Length;
            }

            at += found;
            if (bytes[at + 1] is not (0x00 or 0xFF or (>= 0xD0 and <= 0xD7)))
            {
                return at;
            }

            at += bytes[at + 1] == 0xFF ? 1 : 2;
        }

        return bytes.Length;
    }

    private static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    private static bool IsMetadata(byte marker) => marker is >= 0xE1 and <= 0xED or 0xEF or 0xFE;

    private static void Note(ImageHeader header, byte marker, ReadOnlyMemory<byte> data)
    {
        var isExif = marker == 0xE1 && data.Span.StartsWith("Exif\0\0"u8);
        header.Exif = isExif && header.Exif.IsEmpty ? data[6..] : header.Exif;
        header.Found(
            isExif ? "exif" : marker == 0xE1 && data.Span.StartsWith("http://ns.adobe.com/xap"u8) ? "xmp" : marker == 0xE2 && data.Span.StartsWith("ICC_PROFILE"u8) ? "icc"
            : marker == 0xED ? "iptc" : marker == 0xFE ? "text" : "other",
            data.Length);
    }
}
