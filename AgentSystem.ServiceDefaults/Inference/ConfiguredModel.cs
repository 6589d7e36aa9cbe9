namespace AgentSystem.ServiceDefaults.Inference;

/// <summary>A model that can be called, as configured.</summary>
/// <param name="Name">The name in <c>Models:&lt;name&gt;</c>.</param>
/// <param name="Provider"><c>onnx</c>, <c>openai</c>, ...</param>
/// <param name="Model">The provider's own name of it.</param>
/// <param name="ContextTokens">Longest input plus output in tokens; null when unknown.</param>
/// <param name="InputUsdPerMillion">USD for a million input tokens.</param>
/// <param name="OutputUsdPerMillion">USD for a million output tokens.</param>
public sealed record ConfiguredModel(string Name, string Provider, string Model, int? ContextTokens, decimal InputUsdPerMillion, decimal OutputUsdPerMillion)
{
    /// <summary>See <see cref="ModelKinds"/>.</summary>
    public string Kind { get; init; } = ModelKinds.Chat;

    /// <summary><c>configured</c>, <c>list</c> (the price list), or <c>none</c>: the price is unknown and counted as 0.</summary>
    public string PriceSource { get; init; } = "configured";

    /// <summary>Models to try, in this order, when it cannot answer.</summary>
    public IReadOnlyList<string> Fallbacks { get; init; } = [];

    /// <summary>Most calls a minute of this process; null for no limit.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>Most input plus output tokens a minute of this process; null for no limit.</summary>
    public int? TokensPerMinute { get; init; }

    /// <summary>Most calls at once of this process; null for no limit.</summary>
    public int? Concurrency { get; init; }
}

/// <summary>What a model does: the words of <c>Models:&lt;name&gt;:Kind</c>.</summary>
public static class ModelKinds
{
    /// <summary>Answers conversations.</summary>
    public const string Chat = "chat";

    /// <summary>Turns texts into vectors.</summary>
    public const string Embedding = "embedding";

    internal static bool IsEmbedding(string kind) => string.Equals(kind, Embedding, StringComparison.OrdinalIgnoreCase);
}
