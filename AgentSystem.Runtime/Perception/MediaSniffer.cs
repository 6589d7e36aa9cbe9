using System.Buffers.Binary;

namespace AgentSystem.Runtime.Perception;

/// <summary>What bytes are, by how they begin; what somebody says they are is only compared with it.</summary>
internal static class MediaSniffer
{
    private static readonly byte[] SevenZip = [(byte)'7', (byte)'z', 0xBC, 0xAF, 0x27, 0x1C];

    private static readonly Dictionary<string, string> OtherNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["image/jpg"] = "image/jpeg", ["image/pjpeg"] = "image/jpeg", ["image/x-ms-bmp"] = "image/bmp", ["image/x-png"] = "image/png", ["audio/x-wav"] = "audio/wav", ["audio/wave"] = "audio/wav",
        ["audio/vnd.wave"] = "audio/wav", ["audio/mp3"] = "audio/mpeg", ["audio/x-mpeg"] = "audio/mpeg", ["audio/x-flac"] = "audio/flac", ["audio/opus"] = "audio/ogg", ["application/ogg"] = "audio/ogg",
        ["audio/vorbis"] = "audio/ogg",
    };

    /// <summary>The media type, or null when it is none of those known here.</summary>
    public static string? Sniff(ReadOnlySpan<byte> content) => content switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, ..] => "image/png",
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => "image/gif",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "image/webp",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'A', (byte)'V', (byte)'E', ..] => "audio/wav",
        [(byte)'f', (byte)'L', (byte)'a', (byte)'C', ..] => "audio/flac",
        [(byte)'O', (byte)'g', (byte)'g', (byte)'S', ..] => "audio/ogg",
        [(byte)'I', (byte)'D', (byte)'3', < 0xFF, < 0xFF, ..] => "audio/mpeg",
        [(byte)'B', (byte)'M', ..] when content.Length >= 30 && BinaryPrimitives.ReadUInt32LittleEndian(content[14..]) is 12 or 40 or 52 or 56 or 108 or 124 => "image/bmp",
        [0xFF, >= 0xE0, ..] when Audio.Mp3Frame.TryRead(content, out _) => "audio/mpeg",
        _ => null,
    };

    /// <summary><c>image</c>, <c>audio</c> or <c>text</c>; null for anything else.</summary>
    public static string? Modality(string mediaType) =>
        mediaType.StartsWith("image/", StringComparison.OrdinalIgnoreCase) ? "image"
        : mediaType.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) ? "audio"
        : mediaType.StartsWith("text/", StringComparison.OrdinalIgnoreCase) ? "text" : null;

    /// <summary>True when a declared type means the one that was found; one that says nothing agrees with all.</summary>
    public static bool Agrees(string? declared, string found) =>
        string.IsNullOrEmpty(declared) || declared is "application/octet-stream" or "image/*" or "audio/*"
        || string.Equals(OtherNames.GetValueOrDefault(declared, declared), found, StringComparison.OrdinalIgnoreCase);

    /// <summary>True when what stands behind the end of a file is the beginning of another one that some program would open: an archive, a document, a program, a page.</summary>
    public static bool BeginsAnother(ReadOnlySpan<byte> rest)
    {
        // Padding in front changes nothing for those who look for a signature; looked at as far as a header may reach.
        var near = rest[..Math.Min(rest.Length, 4096)];
        return near.IndexOf("PK\u0003\u0004"u8) >= 0 || near.IndexOf("%PDF-"u8) >= 0 || near.IndexOf("\u007fELF"u8) >= 0 || near.IndexOf("Rar!"u8) >= 0 || near.IndexOf("<?php"u8) >= 0
            || near.IndexOf("<script"u8) >= 0 || near.IndexOf("<html"u8) >= 0 || near.IndexOf("<svg"u8) >= 0 || near.IndexOf("#!/"u8) >= 0 || near.StartsWith("MZ"u8)
            || near.IndexOf(SevenZip) >= 0 || rest.IndexOf("PK\u0005\u0006"u8) >= 0;
    }
}
