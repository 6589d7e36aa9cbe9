using System.Globalization;
using System.Text.Json;
using AgentSystem.Contracts.Agents;
using AgentSystem.Contracts.Json;

namespace AgentSystem.Web.Components.Pages.Agents;

/// <summary>An agent as it is being written.</summary>
internal sealed class AgentDraft
{
    /// <summary>Most characters of instructions the API takes.</summary>
    public const int LongestInstructions = 100_000;

    public string Name { get; set; } = "";

    public string Type { get; set; } = "";

    public string Specialization { get; set; } = "";

    public string Description { get; set; } = "";

    public string Model { get; set; } = "";

    /// <summary>Models to try when <see cref="Model"/> cannot answer; empty: see <see cref="NoFallbacks"/>.</summary>
    public List<string> Fallbacks { get; init; } = [];

    /// <summary>What no fallbacks mean: true, that no other model is tried; false, that the model's own order is.</summary>
    public bool NoFallbacks { get; set; }

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
        Fallbacks = [.. agent.Fallbacks ?? []],
        NoFallbacks = agent.Fallbacks is { Count: 0 },
        Instructions = agent.Instructions,
        Tools = agent.Tools,
        MaxSteps = agent.Limits.MaxSteps,
        MaxSeconds = agent.Limits.MaxSeconds,
        MaxOutputTokens = agent.Limits.MaxOutputTokens,
        Gate = agent.Quality.Mode == QualityMode.Gate,
        Advanced = AdvancedDraft.Of(agent),
    };

    /// <summary>What is missing or out of range, for the person writing it; null when the API may be asked.</summary>
    public FieldProblem? Problem() => this switch
    {
        { Name: var name } when string.IsNullOrWhiteSpace(name) => new("Give the agent a name: it is what a client writes as model.", "agent-name"),
        { Model: var model } when string.IsNullOrWhiteSpace(model) => new("Choose a model.", "agent-model"),
        { Instructions: var instructions } when string.IsNullOrWhiteSpace(instructions) => new("Write instructions: what the agent is, and how it shall answer.", "agent-instructions"),
        { Instructions.Length: var length and > LongestInstructions } => new(
            string.Create(CultureInfo.InvariantCulture, $"Instructions: at most {LongestInstructions:N0} characters; there are {length:N0}. What the agent shall look up belongs into documents."), "agent-instructions"),
        { MaxSteps: null or < 1 or > 100 } => new("Steps at most: a whole number, 1 to 100 model calls in one run.", "agent-steps"),
        { MaxSeconds: null or < 1 or > 3600 } => new("Seconds at most: whole seconds, 1 to 3600 for one run.", "agent-seconds"),
        { MaxOutputTokens: null or < 1 or > 131_072 } => new("Tokens at most: a whole number, 1 to 131072 for one answer.", "agent-tokens"),
        _ => Advanced.Problem(),
    };

    /// <summary>The draft as the API takes it; only for one without a <see cref="Problem"/>.</summary>
    public CreateAgent ToRequest() => new(
        Name.Trim(),
        Model.Trim(),
        Instructions,
        Type: AdvancedDraft.Given(Type),
        Specialization: AdvancedDraft.Given(Specialization),
        Description: AdvancedDraft.Given(Description),
        Tools: Tools,
        Fallbacks: Fallbacks.Count > 0 || NoFallbacks ? [.. Fallbacks] : null,
        Memory: AdvancedDraft.Read(Advanced.Memory),
        Planning: AdvancedDraft.Read(Advanced.Planning),
        Quality: new AgentQuality(Gate ? QualityMode.Gate : QualityMode.Stream),
        Security: AdvancedDraft.Read(Advanced.Security),
        Limits: new AgentLimits(MaxSteps!.Value, MaxSeconds!.Value, MaxOutputTokens!.Value),
        Scaling: Advanced.Scaling(),
        Resources: Advanced.Resources(),
        ContainerImage: AdvancedDraft.Given(Advanced.Image));

    /// <summary>Everything that was typed, to compare with what was loaded.</summary>
    public string Print() => JsonSerializer.Serialize(this, PlatformJson.Options);
}
