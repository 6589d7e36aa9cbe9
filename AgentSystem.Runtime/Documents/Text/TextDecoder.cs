using System.Text;

namespace AgentSystem.Runtime.Documents.Text;

/// <summary>
/// Bytes to characters. A byte order mark decides; without one the bytes must be UTF-8. Nothing is guessed: a wrong guess would be kept and quoted
/// with wrong letters.
/// </summary>
internal static class TextDecoder
{
    /// <summary>The answer to bytes in an encoding that they do not name.</summary>
    public static DocumentRefusal Refusal { get; } = new(
        422, "document_encoding", "The text is not valid UTF-8, and no byte order mark says that it is UTF-16; save it as UTF-8 (in most editors: Save as, Encoding) and send it again.");

    /// <summary>The text; null when it is not in an encoding that can be told from its bytes.</summary>
    public static string? Decode(ReadOnlySpan<byte> content) => content switch
    {
        [0xFF, 0xFE, ..] => Encoding.Unicode.GetString(content[2..]),
        [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode.GetString(content[2..]),
        _ when !System.Text.Unicode.Utf8.IsValid(content) => null,
        [0xEF, 0xBB, 0xBF, ..] => Encoding.UTF8.GetString(content[3..]),
        _ => Encoding.UTF8.GetString(content),
    };
}
