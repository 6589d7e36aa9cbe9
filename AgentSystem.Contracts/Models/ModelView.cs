namespace AgentSystem.Contracts.Models;

/// <summary>A configured model as <c>GET /api/v1/models</c> shows it.</summary>
/// <param name="Name">The name in <c>Models:&lt;name&gt;</c>.</param>
/// <param name="Provider"><c>onnx</c>, <c>openai</c>, ...</param>
/// <param name="Model">The provider's own name for it.</param>
/// <param name="ContextTokens">Longest input plus output, in tokens; null when unknown.</param>
/// <param name="InputUsdPerMillion">Price of a million input tokens, USD.</param>
/// <param name="OutputUsdPerMillion">Price of a million output tokens, USD.</param>
/// <param name="Kind">What it does.</param>
/// <param name="PriceSource"><c>configured</c>, <c>list</c> (the price list), or <c>none</c>: then costs are counted as 0 and shown as unknown.</param>
/// <param name="Fallbacks">Models to try, in this order, when it cannot answer.</param>
/// <param name="Limits">What it may be asked at most, over all callers of this process.</param>
public sealed record ModelView(
    string Name,
    string Provider,
    string? Model,
    int? ContextTokens,
    decimal InputUsdPerMillion,
    decimal OutputUsdPerMillion,
    ModelKind Kind = ModelKind.Chat,
    string PriceSource = "configured",
    IReadOnlyList<string>? Fallbacks = null,
    ModelLimits? Limits = null);

/// <summary>What a model does.</summary>
public enum ModelKind
{
    /// <summary>Answers conversations.</summary>
    Chat,

    /// <summary>Turns texts into vectors.</summary>
    Embedding,
}

/// <summary>What a model may be asked at most by one process; null: no limit.</summary>
public sealed record ModelLimits(int? RequestsPerMinute = null, int? TokensPerMinute = null, int? Concurrency = null);
