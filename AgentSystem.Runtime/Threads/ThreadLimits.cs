using System.Text;

namespace AgentSystem.Runtime.Threads;

/// <summary>What a thread accepts, and how texts are made fit to be kept.</summary>
public static class ThreadLimits
{
    /// <summary>Most pairs of metadata.</summary>
    public const int MaxPairs = 16;

    /// <summary>Longest metadata key, in characters.</summary>
    public const int MaxKey = 64;

    /// <summary>Longest metadata value, in characters.</summary>
    public const int MaxValue = 512;

    /// <summary>Longest title that is given, in characters.</summary>
    public const int MaxTitle = 200;

    /// <summary>Longest title taken from a question, in characters.</summary>
    public const int MaxOwnTitle = 80;

    /// <summary>Longest message added by hand, in characters.</summary>
    public const int MaxText = 100_000;

    /// <summary>Longest search, in characters.</summary>
    public const int MaxSearch = 500;

    /// <summary>The id of a thread that is begun at <paramref name="at"/>; later ones sort after it.</summary>
    public static string NewId(DateTimeOffset at) => $"thread_{Guid.CreateVersion7(at):N}";

    /// <summary>Null when the metadata can be kept; otherwise what they must be ("at most ...").</summary>
    public static string? Problem(IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return metadata.Count > MaxPairs ? $"at most {MaxPairs} pairs"
            : metadata.Keys.Any(static key => key.Length is 0 or > MaxKey) ? $"pairs whose keys have 1 to {MaxKey} characters"
            : metadata.Values.Any(static value => value is null || value.Length > MaxValue) ? $"pairs whose values are strings of at most {MaxValue} characters"
            : metadata.Any(static pair => pair.Key.Contains('\0', StringComparison.Ordinal) || pair.Value.Contains('\0', StringComparison.Ordinal)) ? "texts without the character U+0000"
            : null;
    }

    /// <summary>The title a question gives: its beginning on one line; null when it has no visible character.</summary>
    public static string? TitleOf(string question)
    {
        ArgumentNullException.ThrowIfNull(question);
        var line = Storable(string.Join(' ', question[..Math.Min(question.Length, MaxOwnTitle * 8)].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        if (line.Length > MaxOwnTitle)
        {
            // Not between the halves of a character outside the basic plane.
            line = line[..(char.IsHighSurrogate(line[MaxOwnTitle - 1]) ? MaxOwnTitle - 1 : MaxOwnTitle)].TrimEnd();
        }

        return line.Length == 0 ? null : line;
    }

    /// <summary>The text as Postgres can keep it: without U+0000, halves of surrogate pairs replaced by U+FFFD. A model or a tool may say both.</summary>
    public static string Storable(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.Any(static c => c == '\0' || char.IsSurrogate(c)))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value != 0)
            {
                clean.Append(rune.ToString());
            }
        }

        return clean.ToString();
    }
}
