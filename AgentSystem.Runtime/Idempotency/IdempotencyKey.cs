using System.Text;

namespace AgentSystem.Runtime.Idempotency;

/// <summary>The header's value: a structured-field string (RFC 9651, section 3.3.3) in quotes, or the bare text, as most clients send it. Both name the same key.</summary>
public static class IdempotencyKey
{
    /// <summary>Longest key, in characters.</summary>
    public const int MaxLength = 255;

    /// <summary>What a key must be, for messages.</summary>
    public const string Rule = "1 to 255 visible ASCII characters, bare or in double quotes";

    /// <summary>The key, or null when the text is none.</summary>
    public static string? Read(string header)
    {
        ArgumentNullException.ThrowIfNull(header);
        var text = header.Trim(' ', '\t');
        var key = text.StartsWith('"') ? Unquote(text) : text;
        return key is { Length: >= 1 and <= MaxLength } && key.All(static c => c is > ' ' and <= '~') ? key : null;
    }

    private static string? Unquote(string text)
    {
        var key = new StringBuilder(text.Length);
        for (var i = 1; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"':
                    // Parameters behind the string mean nothing to us and are refused, so that nobody believes they do.
                    return i == text.Length - 1 ? key.ToString() : null;
                case '\\':
                    i++;
                    if (i == text.Length || text[i] is not ('"' or '\\'))
                    {
                        return null;
                    }

                    key.Append(text[i]);
                    break;
                default:
                    key.Append(text[i]);
                    break;
            }
        }

        return null;
    }
}
