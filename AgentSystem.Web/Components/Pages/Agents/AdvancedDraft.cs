using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSystem.Contracts.Agents;
using AgentSystem.Contracts.Json;

namespace AgentSystem.Web.Components.Pages.Agents;

/// <summary>The part of an agent most leave as it is.</summary>
public sealed class AdvancedDraft
{
    private static readonly JsonSerializerOptions Indented = new(PlatformJson.Options) { WriteIndented = true };

    /// <summary>What is shown in an empty field: what the platform does where nothing is said.</summary>
    internal static readonly AgentScaling Usual = new();

    /// <summary>JSON text of an object; empty: none.</summary>
    public string Memory { get; set; } = "";

    /// <summary>JSON text of an object; empty: none.</summary>
    public string Planning { get; set; } = "";

    /// <summary>JSON text of an object; empty: none.</summary>
    public string Security { get; set; } = "";

    /// <summary>Null: as the platform has it.</summary>
    public int? MinReplicas { get; set; }

    /// <summary>Null: as the platform has it.</summary>
    public int? MaxReplicas { get; set; }

    /// <summary>Null: as the platform has it.</summary>
    public int? InitialReplicas { get; set; }

    public bool Predictive { get; set; }

    public string CpuRequest { get; set; } = "";

    public string CpuLimit { get; set; } = "";

    public string MemoryRequest { get; set; } = "";

    public string MemoryLimit { get; set; } = "";

    public string GpuRequest { get; set; } = "";

    public string GpuLimit { get; set; } = "";

    public string Image { get; set; } = "";

    internal static AdvancedDraft Of(AgentVersionView agent)
    {
        // The platform's own figures stay the platform's: written into a version they would bind it to what they are today.
        var scaling = agent.Scaling == Usual ? null : agent.Scaling;
        return new AdvancedDraft
        {
            Memory = Write(agent.Memory),
            Planning = Write(agent.Planning),
            Security = Write(agent.Security),
            MinReplicas = scaling?.MinReplicas,
            MaxReplicas = scaling?.MaxReplicas,
            InitialReplicas = scaling?.InitialReplicas,
            Predictive = scaling?.EnablePredictiveScaling == true,
            CpuRequest = agent.Resources?.CpuRequest ?? "",
            CpuLimit = agent.Resources?.CpuLimit ?? "",
            MemoryRequest = agent.Resources?.MemoryRequest ?? "",
            MemoryLimit = agent.Resources?.MemoryLimit ?? "",
            GpuRequest = agent.Resources?.GpuRequest ?? "",
            GpuLimit = agent.Resources?.GpuLimit ?? "",
            Image = agent.ContainerImage ?? "",
        };
    }

    /// <summary>Null where nothing is said: the platform's defaults.</summary>
    internal AgentScaling? Scaling()
    {
        if (this is { MinReplicas: null, MaxReplicas: null, InitialReplicas: null, Predictive: false })
        {
            return null;
        }

        var (min, max) = (MinReplicas ?? Usual.MinReplicas, MaxReplicas ?? Usual.MaxReplicas);
        return new AgentScaling(min, max, InitialReplicas ?? Math.Clamp(Usual.InitialReplicas, min, Math.Max(min, max)), Predictive);
    }

    /// <summary>Null where nothing is said: the platform's defaults.</summary>
    internal AgentResources? Resources()
    {
        var resources = new AgentResources(Given(CpuRequest), Given(CpuLimit), Given(MemoryRequest), Given(MemoryLimit), Given(GpuRequest), Given(GpuLimit));
        return resources == new AgentResources() ? null : resources;
    }

    internal FieldProblem? Problem() => Scaling() switch
    {
        { MinReplicas: < 0 or > 1000 } => new("Replicas at least: 0 to 1000.", "agent-min"),
        { MaxReplicas: < 1 or > 1000 } => new("Replicas at most: 1 to 1000.", "agent-max"),
        { MinReplicas: var min, MaxReplicas: var max } when min > max => new($"At least {min} replicas, but at most {max}: raise the second or lower the first.", "agent-max"),
        { InitialReplicas: var first, MinReplicas: var min, MaxReplicas: var max } when first < min || first > max => new($"Replicas at first: between {min} and {max}.", "agent-initial"),
        _ => JsonProblem("Memory", Memory, "agent-memory") ?? JsonProblem("Planning", Planning, "agent-planning") ?? JsonProblem("Security", Security, "agent-security"),
    };

    /// <summary>The object <paramref name="text"/> writes; null when it is empty.</summary>
    internal static JsonObject? Read(string text) => string.IsNullOrWhiteSpace(text) ? null : JsonNode.Parse(text) as JsonObject ?? throw new JsonException("No object.");

    internal static string? Given(string text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static string Write(JsonObject settings) => settings.Count == 0 ? "" : settings.ToJsonString(Indented);

    private static FieldProblem? JsonProblem(string name, string text, string field)
    {
        try
        {
            Read(text);
            return null;
        }
        catch (JsonException error)
        {
            var place = error.LineNumber is { } line ? $" Line {line + 1}, character {error.BytePositionInLine + 1}." : "";
            return new FieldProblem($$"""{{name}} must be a JSON object, like {"key": "value"}, or empty.{{place}}""", field);
        }
    }
}
