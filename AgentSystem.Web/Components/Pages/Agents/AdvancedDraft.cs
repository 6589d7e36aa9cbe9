using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSystem.Contracts.Agents;

namespace AgentSystem.Web.Components.Pages.Agents;

/// <summary>The part of an agent most leave as it is.</summary>
public sealed class AdvancedDraft
{
    private static readonly AgentScaling Usual = new();

    /// <summary>JSON text of an object; empty: none.</summary>
    public string Memory { get; set; } = "";

    /// <summary>JSON text of an object; empty: none.</summary>
    public string Planning { get; set; } = "";

    /// <summary>JSON text of an object; empty: none.</summary>
    public string Security { get; set; } = "";

    public int? MinReplicas { get; set; } = Usual.MinReplicas;

    public int? MaxReplicas { get; set; } = Usual.MaxReplicas;

    public int? InitialReplicas { get; set; } = Usual.InitialReplicas;

    public bool Predictive { get; set; }

    public string CpuRequest { get; set; } = "";

    public string CpuLimit { get; set; } = "";

    public string MemoryRequest { get; set; } = "";

    public string MemoryLimit { get; set; } = "";

    public string GpuRequest { get; set; } = "";

    public string GpuLimit { get; set; } = "";

    public string Image { get; set; } = "";

    internal string? Problem() => this switch
    {
        { MinReplicas: null or < 0 or > 1000 } => "Replicas at least: 0 to 1000.",
        { MaxReplicas: null or < 1 or > 1000 } => "Replicas at most: 1 to 1000.",
        { MinReplicas: var min, MaxReplicas: var max } when min > max => $"At least {min} replicas, but at most {max}: raise the second or lower the first.",
        { InitialReplicas: var first, MinReplicas: var min, MaxReplicas: var max } when first is null || first < min || first > max => $"Replicas at first: between {min} and {max}.",
        _ => JsonProblem("Memory", Memory) ?? JsonProblem("Planning", Planning) ?? JsonProblem("Security", Security),
    };

    /// <summary>The object <paramref name="text"/> writes; null when it is empty.</summary>
    internal static JsonObject? Read(string text) => string.IsNullOrWhiteSpace(text) ? null : JsonNode.Parse(text) as JsonObject ?? throw new JsonException("No object.");

    private static string? JsonProblem(string name, string text)
    {
        try
        {
            Read(text);
            return null;
        }
        catch (JsonException error)
        {
            var place = error.LineNumber is { } line ? $" Line {line + 1}, character {error.BytePositionInLine + 1}." : "";
            return $$"""{{name}} must be a JSON object, like {"key": "value"}, or empty.{{place}}""";
        }
    }
}
