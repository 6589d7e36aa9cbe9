using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSystem.Contracts.Agents;
using AgentSystem.Contracts.Json;

namespace AgentSystem.Web.Components.Pages.Agents;

/// <summary>An agent as it is being written.</summary>
internal sealed class AgentDraft
{
    private static readonly JsonSerializerOptions Indented = new(PlatformJson.Options) { WriteIndented = true };

    public string Name { get; set; } = "";

    public string Type { get; set; } = "";

    public string Specialization { get; set; } = "";

    public string Description { get; set; } = "";

    public string Model { get; set; } = "";

    public List<string> Fallbacks { get; init; } = [];

    public string Instructions { get; set; } = "";

    public IReadOnlyList<string> Tools { get; set; } = [];

    public int? MaxSteps { get; set; } = AgentLimits.DefaultMaxSteps;

    public int? MaxSeconds { get; set; } = AgentLimits.DefaultMaxSeconds;

    public int? MaxOutputTokens { get; set; } = AgentLimits.DefaultMaxOutputTokens;

    /// <summary>Whether an answer is held back until it has been checked.</summary>
    public bool Gate { get; set; }

    public AdvancedDraft Advanced { get; init; } = new();

    public static AgentDraft Of(AgentVersionView agent) => new()
    {
        Name = agent.Name,
        Type = agent.Type,
        Specialization = agent.Specialization,
        Description = agent.Description,
        Model = agent.Model,
        Fallbacks = [.. agent.Fallbacks],
        Instructions = agent.Instructions,
        Tools = agent.Tools,
        MaxSteps = agent.Limits.MaxSteps,
        MaxSeconds = agent.Limits.MaxSeconds,
        MaxOutputTokens = agent.Limits.MaxOutputTokens,
        Gate = agent.Quality.Mode == QualityMode.Gate,
        Advanced = new AdvancedDraft
        {
            Memory = Write(agent.Memory),
            Planning = Write(agent.Planning),
            Security = Write(agent.Security),
            MinReplicas = agent.Scaling.MinReplicas,
            MaxReplicas = agent.Scaling.MaxReplicas,
            InitialReplicas = agent.Scaling.InitialReplicas,
            Predictive = agent.Scaling.EnablePredictiveScaling,
            CpuRequest = agent.Resources.CpuRequest ?? "",
            CpuLimit = agent.Resources.CpuLimit ?? "",
            MemoryRequest = agent.Resources.MemoryRequest ?? "",
            MemoryLimit = agent.Resources.MemoryLimit ?? "",
            GpuRequest = agent.Resources.GpuRequest ?? "",
            GpuLimit = agent.Resources.GpuLimit ?? "",
            Image = agent.ContainerImage ?? "",
        },
    };

    /// <summary>What is missing or out of range, for the person writing it; null when the API may be asked.</summary>
    public string? Problem() => this switch
    {
        { Name: var name } when string.IsNullOrWhiteSpace(name) => "Give the agent a name: it is what a client writes as model.",
        { Model: var model } when string.IsNullOrWhiteSpace(model) => "Choose a model.",
        { Instructions: var instructions } when string.IsNullOrWhiteSpace(instructions) => "Write instructions: what the agent is, and how it shall answer.",
        { MaxSteps: null or < 1 or > 100 } => "Steps: 1 to 100 model calls in one run.",
        { MaxSeconds: null or < 1 or > 3600 } => "Seconds: 1 to 3600 for one run.",
        { MaxOutputTokens: null or < 1 or > 131_072 } => "Answer tokens: 1 to 131072.",
        _ => Advanced.Problem(),
    };

    /// <summary>The draft as the API takes it; only for one without a <see cref="Problem"/>.</summary>
    public CreateAgent ToRequest() => new(
        Name.Trim(),
        Model.Trim(),
        Instructions,
        Type: Given(Type),
        Specialization: Given(Specialization),
        Description: Given(Description),
        Tools: Tools,
        Fallbacks: Fallbacks.Count == 0 ? null : [.. Fallbacks],
        Memory: AdvancedDraft.Read(Advanced.Memory),
        Planning: AdvancedDraft.Read(Advanced.Planning),
        Quality: new AgentQuality(Gate ? QualityMode.Gate : QualityMode.Stream),
        Security: AdvancedDraft.Read(Advanced.Security),
        Limits: new AgentLimits(MaxSteps!.Value, MaxSeconds!.Value, MaxOutputTokens!.Value),
        Scaling: new AgentScaling(Advanced.MinReplicas!.Value, Advanced.MaxReplicas!.Value, Advanced.InitialReplicas!.Value, Advanced.Predictive),
        Resources: new AgentResources(Given(Advanced.CpuRequest), Given(Advanced.CpuLimit), Given(Advanced.MemoryRequest), Given(Advanced.MemoryLimit), Given(Advanced.GpuRequest), Given(Advanced.GpuLimit)),
        ContainerImage: Given(Advanced.Image));

    /// <summary>Everything that was typed, to compare with what was loaded.</summary>
    public string Print() => JsonSerializer.Serialize(this, PlatformJson.Options);

    private static string? Given(string text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static string Write(JsonObject settings) => settings.Count == 0 ? "" : settings.ToJsonString(Indented);
}
