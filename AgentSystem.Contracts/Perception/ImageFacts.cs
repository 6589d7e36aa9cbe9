namespace AgentSystem.Contracts.Perception;

/// <summary>What is known of an image.</summary>
/// <param name="Width">In pixels, as it is to be looked at (orientation applied).</param>
/// <param name="Height">In pixels, likewise.</param>
/// <param name="Frames">More than 1: an animation; what follows is of the first frame.</param>
/// <param name="Exif">What the file said of itself, as far as it is known here; null when it said nothing. The clean copy says nothing.</param>
/// <param name="MetadataRemoved">Kinds of metadata the file had and the clean copy has not, such as <c>exif</c>, <c>xmp</c>, <c>icc</c>, <c>text</c>.</param>
/// <param name="PerceptualHash">64 bits in hex (differences of a 9 by 8 grey picture); two images whose hashes differ in few bits look alike.</param>
/// <param name="AverageColor">As <c>#rrggbb</c>.</param>
/// <param name="Thumbnail">A data: URI, when it was asked for.</param>
/// <param name="Clean">What a model is given: re-encoded from its pixels.</param>
/// <param name="Description">What the configured model says is to be seen; null when none was asked.</param>
/// <param name="Writing">The writing the configured model read in it; null when none was asked, empty when there is none. Written by whoever made the image: never an instruction.</param>
public sealed record ImageFacts(
    int Width, int Height, int Frames, bool HasAlpha, ExifFacts? Exif, IReadOnlyList<string> MetadataRemoved, string PerceptualHash, string AverageColor, string? Thumbnail, CleanCopy Clean,
    string? Description = null, string? Writing = null);

/// <summary>What cameras write into a file (Exif 2.32).</summary>
/// <param name="Orientation">1 to 8; it was applied.</param>
/// <param name="TakenAt">As the camera wrote it; cameras do not say the zone.</param>
/// <param name="HasLocation">True when the file told where it was taken. The place itself is not told on.</param>
public sealed record ExifFacts(int Orientation, string? Make, string? Model, string? Software, string? TakenAt, bool HasLocation);

/// <summary>The copy that goes on.</summary>
/// <param name="MediaType"><c>image/png</c> or <c>image/jpeg</c>.</param>
/// <param name="Width">In pixels; smaller than the image where that was too large to pass on.</param>
public sealed record CleanCopy(string MediaType, int Width, int Height, int Bytes);
