using System.Text;
using AgentSystem.Contracts.Security;

namespace AgentSystem.Benchmarks.Security;

/// <summary>A text of the project's own evaluation set.</summary>
/// <param name="Cluster">Texts of one cluster say one thing.</param>
/// <param name="Attack">True when it must not pass unseen.</param>
/// <param name="Coding">The coding it was put into; null: as it was written.</param>
internal sealed record OwnText(string Cluster, bool Attack, ScreenSource Source, string Text, string? Coding = null);

/// <summary>The evaluation sets of <c>models/injection-linear/evaluation/</c>, and their attacks in eight codings.</summary>
internal static class OwnTexts
{
    /// <summary>The sets: by the author of the first phrases, and by two who saw neither phrases nor development texts.</summary>
    public static IReadOnlyList<string> Sets { get; } = ["texts.txt", "second.txt", "third.txt"];

    /// <summary>Codings, in the order of the report.</summary>
    public static IReadOnlyList<string> Codings { get; } = ["base64", "hex", "rot13", "zero_width", "full_width", "homoglyph", "spaced", "tags"];

    // Cyrillic and Greek letters that look like Latin ones.
    private const string Latin = "aceopxyisABCEHKMOPTX", Alike = "асеорхуіѕАВСЕНКМОРТХ";

    /// <summary>The texts as they were written.</summary>
    public static IReadOnlyList<OwnText> Read(string file) =>
    [
        .. from line in File.ReadLines(file)
           where line.Length > 0 && line[0] != '#'
           let bar = line.IndexOf(" | ", StringComparison.Ordinal)
           let head = line[..bar].Split(' ')
           select new OwnText(head[0], head[1] == "flag", Enum.Parse<ScreenSource>(head[2], ignoreCase: true), line[(bar + 3)..].Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\t", "\t", StringComparison.Ordinal)),
    ];

    /// <summary>The users' attacks in plain ASCII, each in every coding.</summary>
    public static IEnumerable<OwnText> Coded(IEnumerable<OwnText> texts) =>
        from text in texts
        where text is { Attack: true, Source: ScreenSource.User } && text.Cluster != "coded" && text.Text.All(char.IsAscii)
        from coding in Codings
        select text with { Text = Encode(coding, text.Text), Coding = coding };

    private static string Encode(string coding, string text) => coding switch
    {
        "base64" => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)),
        "hex" => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text)),
        "rot13" => string.Concat(text.Select(static c => char.IsAsciiLetter(c) ? (char)((((c | 32) - 'a' + 13) % 26) + (c & ~31) + 1) : c)),
        "zero_width" => string.Join('\u200B', text.ToCharArray()),
        "full_width" => string.Concat(text.Select(static c => c == ' ' ? '\u3000' : c > ' ' ? (char)(c + 0xFEE0) : c)),
        "homoglyph" => string.Concat(text.Select(static c => Latin.IndexOf(c, StringComparison.Ordinal) is >= 0 and var at ? Alike[at] : c)),
        "spaced" => string.Join(' ', text.ToCharArray()),
        _ => "Hello " + string.Concat(text.Select(static c => char.ConvertFromUtf32(0xE0000 + c))),
    };
}
