namespace AgentSystem.ServiceDefaults.Inference;

/// <summary>The whole section <c>Models</c>.</summary>
public sealed class InferenceOptions
{
    /// <summary>Where the models stand in the configuration.</summary>
    public const string Section = "Models";

    /// <summary>The models by name; names are compared without regard to case, as configuration keys are.</summary>
    public Dictionary<string, ModelOptions> Models { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What could not even be read, e.g. a price that is no number; the validator reports it with the rest.</summary>
    internal List<string> Unreadable { get; } = [];
}
