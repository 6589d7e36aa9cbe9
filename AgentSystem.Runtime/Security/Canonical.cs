using System.Globalization;
using System.Text;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Security;

/// <summary>
/// The canonical form of what a client sends: without the characters that change how a text reads while nobody sees them. Joiners, direction marks
/// and variation selectors carry meaning in Persian, Indic scripts, Hebrew and emoji and stay. Look-alikes, tags and encodings come with the sanitiser.
/// </summary>
public static class Canonical
{
    private const char ZeroWidthNonJoiner = '\u200C';
    private const char RightToLeftMark = '\u200F';

    /// <summary>
    /// Newlines as <c>\n</c>; no control characters but tab and newline, no zero-width space, word joiner, byte order mark or soft hyphen, and no
    /// overrides of direction (the "Trojan source" characters, UTS 55). Composed and decomposed forms stay as they are.
    /// </summary>
    public static string Text(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.Any(static c => c == '\r' || Hidden(c)))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\r')
            {
                clean.Append(i + 1 < text.Length && text[i + 1] == '\n' ? "" : "\n");
            }
            else if (!Hidden(c))
            {
                clean.Append(c);
            }
        }

        return clean.ToString();
    }

    /// <summary>A conversation in canonical form; messages that are so already are the same objects. The originals are not touched.</summary>
    public static IReadOnlyList<ChatMessage> Conversation(IReadOnlyList<ChatMessage> messages) => [.. messages.Select(Message)];

    private static ChatMessage Message(ChatMessage message)
    {
        if (message.Contents.All(static content => content is not TextContent text || ReferenceEquals(Text(text.Text), text.Text)))
        {
            return message;
        }

        var canonical = message.Clone();
        canonical.Contents = [.. message.Contents.Select(static content => content is TextContent text ? new TextContent(Text(text.Text)) : content)];
        return canonical;
    }

    private static bool Hidden(char c) => c switch
    {
        '\n' or '\t' or '\r' => false,
        // ZWNJ, ZWJ, LRM, RLM.
        >= ZeroWidthNonJoiner and <= RightToLeftMark => false,
        '\u200B' or '\u2060' or '\uFEFF' or '\u00AD' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') => true,
        _ => char.GetUnicodeCategory(c) == UnicodeCategory.Control,
    };
}
