using System.Text;

namespace AgentSystem.Runtime.Documents.Text;

/// <summary>
/// Bytes to characters. A byte order mark decides; without one the bytes are UTF-8 if they are valid UTF-8, otherwise windows-1252,
/// the usual encoding of old text files in the West. No statistics: the same file is always read the same way.
/// </summary>
internal static class TextDecoder
{
    private const int Windows1252 = 1252;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly Encoding Western = CodePagesEncodingProvider.Instance.GetEncoding(Windows1252)!;

    public static string Decode(ReadOnlySpan<byte> content) => content switch
    {
        [0xEF, 0xBB, 0xBF, ..] => Encoding.UTF8.GetString(content[3..]),
        [0xFF, 0xFE, ..] => Encoding.Unicode.GetString(content[2..]),
        [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode.GetString(content[2..]),
        _ when System.Text.Unicode.Utf8.IsValid(content) => Strict.GetString(content),
        _ => Western.GetString(content),
    };
}
