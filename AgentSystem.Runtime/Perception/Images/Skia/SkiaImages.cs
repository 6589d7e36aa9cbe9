using System.Globalization;
using AgentSystem.Contracts.Perception;
using SkiaSharp;

namespace AgentSystem.Runtime.Perception.Images.Skia;

/// <summary>Decodes with Skia what passed the limits: the first frame, turned upright, made anew from its pixels.</summary>
internal static class SkiaImages
{
    private const int Quality = 85;
    private static readonly SKSamplingOptions Smooth = new(SKFilterMode.Linear, SKMipmapMode.Linear);

    /// <summary>What is to be seen, or null when the pixels cannot be decoded.</summary>
    public static SeenImage? See(ReadOnlyMemory<byte> file, ImageHeader header, int orientation, PerceptionOptions options, bool thumbnail)
    {
        using var decoded = Decode(file, header, options.CleanSide);
        if (decoded is null)
        {
            return null;
        }

        using var upright = Upright(decoded, orientation, options.CleanSide);
        if (upright is null)
        {
            return null;
        }

        var hasAlpha = upright.AlphaType != SKAlphaType.Opaque && HasTransparency(upright);
        var photo = !hasAlpha && header.MediaType is "image/jpeg" or "image/webp";
        using var clean = upright.Encode(photo ? SKEncodedImageFormat.Jpeg : SKEncodedImageFormat.Png, Quality);
        if (clean is null)
        {
            return null;
        }

        var (grey, average) = Small(upright);
        return new SeenImage(clean.ToArray(), new CleanCopy(photo ? "image/jpeg" : "image/png", upright.Width, upright.Height, (int)clean.Size), hasAlpha, grey, average, thumbnail ? Thumbnail(upright, options.ThumbnailSide) : null);
    }

    /// <summary>Only the stretches that draw are handed over. JPEG and WebP are decoded at a smaller scale where that is enough.</summary>
    private static SKBitmap? Decode(ReadOnlyMemory<byte> file, ImageHeader header, int side)
    {
        using var data = SKData.CreateCopy(Picture(file, header));
        using var codec = SKCodec.Create(data);
        // The header was read by us, the picture is read by Skia: they must mean the same.
        if (codec is null || codec.Info.Width != header.Width || codec.Info.Height != header.Height)
        {
            return null;
        }

        var scale = Math.Min(1f, 2f * side / Math.Max(header.Width, header.Height));
        var size = scale < 1 ? codec.GetScaledDimensions(scale) : codec.Info.Size;
        var info = new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, codec.Info.AlphaType == SKAlphaType.Opaque ? SKAlphaType.Opaque : SKAlphaType.Premul, SKColorSpace.CreateSrgb());
        var bitmap = new SKBitmap();
        if (!bitmap.TryAllocPixels(info) || codec.GetPixels(info, bitmap.GetPixels()) != SKCodecResult.Success)
        {
            bitmap.Dispose();
            return null;
        }

        return bitmap;
    }

    private static byte[] Picture(ReadOnlyMemory<byte> file, ImageHeader header)
    {
        if (header.Picture.Count == 0)
        {
            return file[..header.End].ToArray();
        }

        using var all = new MemoryStream(file.Length);
        foreach (var range in header.Picture)
        {
            all.Write(file.Span[range]);
        }

        return all.ToArray();
    }

    private static SKBitmap? Upright(SKBitmap image, int orientation, int side)
    {
        var turned = orientation >= 5;
        var scale = Math.Min(1f, (float)side / Math.Max(image.Width, image.Height));
        var (width, height) = (Math.Max(1, (int)MathF.Round(image.Width * scale)), Math.Max(1, (int)MathF.Round(image.Height * scale)));
        var result = new SKBitmap();
        if (!result.TryAllocPixels(new SKImageInfo(turned ? height : width, turned ? width : height, SKColorType.Rgba8888, image.AlphaType)))
        {
            result.Dispose();
            return null;
        }

        using var canvas = new SKCanvas(result);
        canvas.Clear(SKColors.Transparent);
        canvas.Concat(Turn(orientation, width, height));
        using var source = SKImage.FromBitmap(image);
        canvas.DrawImage(source, new SKRect(0, 0, image.Width, image.Height), new SKRect(0, 0, width, height), Smooth);
        return result;
    }

    /// <summary>From how the picture is stored to how it is to be looked at: TIFF 6.0, tag 274.</summary>
    private static SKMatrix Turn(int orientation, int width, int height) => orientation switch
    {
        2 => new SKMatrix(-1, 0, width, 0, 1, 0, 0, 0, 1),
        3 => new SKMatrix(-1, 0, width, 0, -1, height, 0, 0, 1),
        4 => new SKMatrix(1, 0, 0, 0, -1, height, 0, 0, 1),
        5 => new SKMatrix(0, 1, 0, 1, 0, 0, 0, 0, 1),
        6 => new SKMatrix(0, -1, height, 1, 0, 0, 0, 0, 1),
        7 => new SKMatrix(0, -1, height, -1, 0, width, 0, 0, 1),
        8 => new SKMatrix(0, 1, 0, -1, 0, width, 0, 0, 1),
        _ => SKMatrix.Identity,
    };

    private static bool HasTransparency(SKBitmap image)
    {
        var pixels = image.GetPixelSpan();
        for (var i = 3; i < pixels.Length; i += 4)
        {
            if (pixels[i] != 255)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Brightnesses (ITU-R BT.601) of 9 by 8 equal fields on white, and the mean colour.</summary>
    private static (double[] Grey, string Average) Small(SKBitmap image)
    {
        var (grey, counts) = (new double[PerceptualHash.Columns * PerceptualHash.Rows], new long[PerceptualHash.Columns * PerceptualHash.Rows]);
        var (red, green, blue) = (0L, 0L, 0L);
        var pixels = image.GetPixelSpan();
        var stride = image.RowBytes;
        for (var y = 0; y < image.Height; y++)
        {
            var row = y * PerceptualHash.Rows / image.Height * PerceptualHash.Columns;
            for (var x = 0; x < image.Width; x++)
            {
                var at = (y * stride) + (x * 4);
                var white = 255 - pixels[at + 3];
                var (r, g, b) = (pixels[at] + white, pixels[at + 1] + white, pixels[at + 2] + white);
                (red, green, blue) = (red + r, green + g, blue + b);
                var field = row + (x * PerceptualHash.Columns / image.Width);
                grey[field] += (0.299 * r) + (0.587 * g) + (0.114 * b);
                counts[field]++;
            }
        }

        for (var i = 0; i < grey.Length; i++)
        {
            // Whole steps, so that noise in a plain area makes no difference. An image narrower than the fields leaves some without a pixel.
            grey[i] = counts[i] == 0 ? (i == 0 ? 0 : grey[i - 1]) : Math.Round(grey[i] / counts[i]);
        }

        var all = (long)image.Width * image.Height;
        return (grey, string.Create(CultureInfo.InvariantCulture, $"#{red / all:x2}{green / all:x2}{blue / all:x2}"));
    }

    private static string? Thumbnail(SKBitmap image, int side)
    {
        using var small = Upright(image, 1, side);
        using var encoded = small?.Encode(SKEncodedImageFormat.Png, Quality);
        return encoded is null ? null : "data:image/png;base64," + Convert.ToBase64String(encoded.AsSpan());
    }
}

/// <summary>What Skia saw.</summary>
internal sealed record SeenImage(byte[] Clean, CleanCopy Copy, bool HasAlpha, double[] Grey, string Average, string? Thumbnail);
