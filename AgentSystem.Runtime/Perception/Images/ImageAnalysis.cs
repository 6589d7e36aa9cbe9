using AgentSystem.Contracts.Perception;
using AgentSystem.Runtime.Perception.Images.Skia;

namespace AgentSystem.Runtime.Perception.Images;

/// <summary>Everything that is known of an image, and the copy of it that may go on.</summary>
internal static class ImageAnalysis
{
    /// <summary>The facts with the clean copy, or why the image is refused.</summary>
    public static (ImageFacts? Facts, byte[] Clean, PartProblem? Problem) Of(ReadOnlyMemory<byte> file, string mediaType, PerceptionOptions options, bool thumbnail)
    {
        var (header, problem) = ImageHeaders.Read(file, mediaType, options);
        if (header is null)
        {
            return (null, [], problem);
        }

        var exif = header.Exif.IsEmpty ? null : ExifReader.Read(header.Exif.Span);
        var orientation = exif?.Orientation ?? 1;
        if (SkiaImages.See(file, header, orientation, options, thumbnail) is not { } seen)
        {
            return (null, [], PartProblem.Malformed("image", "its pixels cannot be decoded"));
        }

        var (width, height) = orientation >= 5 ? (header.Height, header.Width) : (header.Width, header.Height);
        return (
            new ImageFacts(width, height, header.Frames, seen.HasAlpha, exif, [.. header.Metadata], PerceptualHash.Write(PerceptualHash.Of(seen.Grey)), seen.Average, seen.Thumbnail, seen.Copy),
            seen.Clean, null);
    }
}
