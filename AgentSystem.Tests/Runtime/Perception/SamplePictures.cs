using System.Buffers.Binary;
using System.IO.Hashing;
using SkiaSharp;

namespace AgentSystem.Tests.Runtime.Perception;

/// <summary>Pictures for tests, made here: drawn with Skia, or written byte by byte where Skia writes no such file.</summary>
internal static class SamplePictures
{
    /// <summary>A drawing that looks different for each seed.</summary>
    public static SKBitmap Draw(int seed, int width = 120, int height = 80, bool transparent = false)
    {
        var random = new Random(seed);
        var bitmap = new SKBitmap(width, height);
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(transparent ? SKColors.Transparent : Color(random));
        for (var i = 0; i < 12; i++)
        {
            using var paint = new SKPaint { Color = Color(random) };
            canvas.DrawRect((float)random.NextDouble() * width * 0.8f, (float)random.NextDouble() * height * 0.8f, width * 0.3f, height * 0.3f, paint);
        }

        return bitmap;
    }

    public static byte[] Encode(SKBitmap bitmap, SKEncodedImageFormat format, int quality = 90)
    {
        using var data = bitmap.Encode(format, quality);
        return data.ToArray();
    }

    public static byte[] Png(int seed = 1, int width = 120, int height = 80) => Of(seed, width, height, SKEncodedImageFormat.Png);

    public static byte[] Jpeg(int seed = 1, int width = 120, int height = 80) => Of(seed, width, height, SKEncodedImageFormat.Jpeg);

    public static byte[] WebP(int seed = 1, int width = 120, int height = 80) => Of(seed, width, height, SKEncodedImageFormat.Webp);

    /// <summary>A red BMP of 24 bits.</summary>
    public static byte[] Bmp(int width = 10, int height = 6)
    {
        var stride = (width * 3 + 3) / 4 * 4;
        var bytes = new byte[54 + (stride * height)];
        "BM"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(2), bytes.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(10), 54);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(22), height);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(26), 1);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(28), 24);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                bytes[54 + (y * stride) + (x * 3) + 2] = 255;
            }
        }

        return bytes;
    }

    /// <summary>A GIF of so many frames, each one pixel of the first colour.</summary>
    public static byte[] Gif(int frames, int width = 2, int height = 2)
    {
        List<byte> bytes = [.. "GIF89a"u8, (byte)width, (byte)(width >> 8), (byte)height, (byte)(height >> 8), 0x80, 0, 0, 255, 0, 0, 0, 0, 255];
        for (var i = 0; i < frames; i++)
        {
            // One pixel: clear, colour 0, end, in three bits each.
            bytes.AddRange([0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 0x01, 0]);
        }

        bytes.Add(0x3B);
        return [.. bytes];
    }

    /// <summary>A PNG with one more chunk behind its header.</summary>
    public static byte[] WithChunk(byte[] png, string type, byte[] data)
    {
        var chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        System.Text.Encoding.ASCII.GetBytes(type).CopyTo(chunk, 4);
        data.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc32.HashToUInt32(chunk.AsSpan(4, 4 + data.Length)));
        return [.. png[..33], .. chunk, .. png[33..]];
    }

    /// <summary>A PNG whose header claims another size, with the right sum over it.</summary>
    public static byte[] Claiming(byte[] png, uint width, uint height)
    {
        var changed = (byte[])png.Clone();
        BinaryPrimitives.WriteUInt32BigEndian(changed.AsSpan(16), width);
        BinaryPrimitives.WriteUInt32BigEndian(changed.AsSpan(20), height);
        BinaryPrimitives.WriteUInt32BigEndian(changed.AsSpan(29), Crc32.HashToUInt32(changed.AsSpan(12, 17)));
        return changed;
    }

    /// <summary>A JPEG with Exif: an orientation, a maker, and a place it was taken at.</summary>
    public static byte[] WithExif(byte[] jpeg, int orientation)
    {
        byte[] tiff =
        [
            .. "MM\0*"u8, 0, 0, 0, 8, 0, 3,
            0x01, 0x0F, 0, 2, 0, 0, 0, 5, 0, 0, 0, 50,
            0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0,
            0x88, 0x25, 0, 4, 0, 0, 0, 1, 0, 0, 0, 56,
            0, 0, 0, 0, .. "Acme\0\0"u8, 0, 0, 0, 0, 0, 0,
        ];
        byte[] segment = [.. "Exif\0\0"u8, .. tiff];
        return [.. jpeg[..2], 0xFF, 0xE1, (byte)((segment.Length + 2) >> 8), (byte)(segment.Length + 2), .. segment, .. jpeg[2..]];
    }

    private static byte[] Of(int seed, int width, int height, SKEncodedImageFormat format)
    {
        using var bitmap = Draw(seed, width, height);
        return Encode(bitmap, format);
    }

    private static SKColor Color(Random random) => new((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256));
}
