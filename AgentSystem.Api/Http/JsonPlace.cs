using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentSystem.Contracts.Json;

namespace AgentSystem.Api.Http;

/// <summary>Where a reader stands in a body, as people write it: <c>messages[0].content</c>. Only offsets are kept, so that a body without a fault costs no text.</summary>
internal readonly ref struct JsonPlace(ReadOnlySpan<byte> body)
{
    /// <summary>Most characters of a name that is told back; what a client made up may be as long as the body.</summary>
    public const int MaxShown = 200;

    private const int MaxStep = 64;
    private readonly ReadOnlySpan<byte> body = body;
    private readonly Step[] steps = new Step[PlatformJson.MaxDepth + 1];

    /// <summary>Takes note of the token the reader has just read.</summary>
    public void Follow(ref Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                steps[depth] = new Step(false, (int)reader.TokenStartIndex + 1, reader.ValueSpan.Length, 0);
                return;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                return;
        }

        if (steps[depth].IsList)
        {
            steps[depth] = steps[depth] with { Index = steps[depth].Index + 1 };
        }

        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            steps[depth + 1] = new Step(reader.TokenType == JsonTokenType.StartArray, 0, 0, -1);
        }
    }

    /// <summary>The place of the value, or of what holds the member whose name it is; null for the body itself.</summary>
    public string? Name(ref Utf8JsonReader reader)
    {
        var last = reader.TokenType == JsonTokenType.PropertyName ? reader.CurrentDepth - 1 : reader.CurrentDepth;
        var name = new StringBuilder();
        for (var i = 1; i <= last && name.Length <= MaxShown; i++)
        {
            if (steps[i].IsList)
            {
                name.Append(CultureInfo.InvariantCulture, $"[{steps[i].Index}]");
            }
            else
            {
                // Names are shown as they were sent: an escape that is no text is not decoded here.
                var sent = body.Slice(steps[i].Start, steps[i].Length);
                name.Append(i > 1 ? "." : "").Append(Shorten(Encoding.UTF8.GetString(sent[..Math.Min(sent.Length, MaxStep * 4)]), MaxStep));
            }
        }

        return name.Length == 0 ? null : Shorten(name.ToString(), MaxShown);
    }

    /// <summary>The text, or its beginning and an ellipsis.</summary>
    public static string Shorten(string text, int most)
    {
        if (text.Length <= most)
        {
            return text;
        }

        return text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)] + "…";
    }

    private readonly record struct Step(bool IsList, int Start, int Length, int Index);
}
