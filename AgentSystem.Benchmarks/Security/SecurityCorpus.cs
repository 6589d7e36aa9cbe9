using System.Text.Json;

namespace AgentSystem.Benchmarks.Security;

/// <summary>A labelled text.</summary>
internal sealed record CorpusRow(string File, string Text, string Class, string Source, string Language)
{
    /// <summary>What was put into a document, or what an encoded text says in plain.</summary>
    public string? Payload { get; init; }

    /// <summary>The kind of attack, coding or phrasing; what may not be on both sides of a split.</summary>
    public string Kind { get; init; } = "";

    /// <summary>True when the text is an attack only beside the instructions of its application.</summary>
    public bool NeedsContext { get; init; }

    /// <summary>True when the payload is a harmless extra task, which only its place betrays.</summary>
    public bool Weak { get; init; }
}

/// <summary>The development texts of <c>$AGENTSYSTEM_CORPUS/security</c>. They are material to learn from and never leave that folder.</summary>
internal static class SecurityCorpus
{
    /// <summary>The folder, or null with the cure when the variable does not lead to one.</summary>
    public static string? Folder =>
        Environment.GetEnvironmentVariable("AGENTSYSTEM_CORPUS") is { Length: > 0 } corpus && Directory.Exists(Path.Combine(corpus, "security")) ? Path.Combine(corpus, "security") : null;

    /// <summary>All rows of a file.</summary>
    public static IReadOnlyList<CorpusRow> Read(string folder, string file)
    {
        var rows = new List<CorpusRow>();
        foreach (var line in File.ReadLines(Path.Combine(folder, file + ".jsonl")))
        {
            using var document = JsonDocument.Parse(line);
            var row = document.RootElement;
            rows.Add(new CorpusRow(file, Of(row, "text")!, Of(row, "cls") ?? Of(row, "label") ?? "", Of(row, "src") ?? "", Of(row, "lang") ?? "")
            {
                Payload = Of(row, "payload") ?? Of(row, "plain"),
                Kind = Of(row, "attack_category") ?? Of(row, "transform") ?? Of(row, "variant") ?? "",
                NeedsContext = row.TryGetProperty("needs_context", out var needs) && needs.ValueKind == JsonValueKind.True,
                Weak = Of(row, "lexical") == "weak",
            });
        }

        return rows;
    }

    private static string? Of(JsonElement row, string name) => row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
