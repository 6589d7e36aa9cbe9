namespace AgentSystem.Runtime.Perception.Images;

/// <summary>Reads the header of an image and holds it to the limits, in time that grows with the file, without decoding.</summary>
internal static class ImageHeaders
{
    private const string What = "image";

    /// <summary>More than encoders make of one image.</summary>
    private const int UsualScans = 16;

    /// <summary>The header, or why the image is refused.</summary>
    public static (ImageHeader? Header, PartProblem? Problem) Read(ReadOnlyMemory<byte> file, string mediaType, PerceptionOptions limits)
    {
        var (header, problem) = mediaType switch
        {
            "image/png" => PngHeader.Read(file),
            "image/jpeg" => JpegHeader.Read(file),
            "image/gif" => GifHeader.Read(file),
            "image/webp" => WebPHeader.Read(file),
            "image/bmp" => BmpHeader.Read(file),
            _ => (null, new PartProblem(415, "media_type_not_supported", $"{mediaType} is not supported; send PNG, JPEG, WebP, GIF or BMP.")),
        };
        return header is null ? (null, problem) : Refuse(header, file, limits) is { } refused ? (null, refused) : (header, null);
    }

    private static PartProblem? Refuse(ImageHeader header, ReadOnlyMemory<byte> file, PerceptionOptions limits)
    {
        if (header.Width < 1 || header.Height < 1)
        {
            return PartProblem.Malformed(What, "it has no pixels");
        }

        // In this order: a side is at most 65,535 then, and the product cannot overflow.
        if (header.Width > limits.MaxSide || header.Height > limits.MaxSide || (long)header.Width * header.Height * header.Frames > limits.MaxPixels)
        {
            return PartProblem.TooManyPixels(limits.MaxPixels);
        }

        // Each scan of a JPEG goes over all of its pixels.
        if (header.Frames > limits.MaxFrames || header.Scans > limits.MaxFrames || (long)header.Width * header.Height * header.Scans > limits.MaxPixels * UsualScans)
        {
            return new PartProblem(422, "image_too_many_frames", $"The image has more than {limits.MaxFrames:N0} frames or scans; send fewer, or a single one.");
        }

        if (header.MetadataBytes > limits.MaxHeaderBytes)
        {
            return PartProblem.HeaderTooLong(What, limits.MaxHeaderBytes);
        }

        if (header.End < file.Length)
        {
            if (MediaSniffer.BeginsAnother(file.Span[header.End..]))
            {
                return PartProblem.TwoFiles;
            }

            header.Found("trailing", file.Length - header.End);
        }

        return null;
    }

    public static (ImageHeader?, PartProblem?) Truncated => (null, PartProblem.Truncated(What));

    public static (ImageHeader?, PartProblem?) Malformed(string how) => (null, PartProblem.Malformed(What, how));
}
