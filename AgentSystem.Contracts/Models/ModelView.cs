namespace AgentSystem.Contracts.Models;

/// <summary>A configured model as <c>GET /api/v1/models</c> shows it.</summary>
/// <param name="Name">The name in <c>Models:&lt;name&gt;</c>.</param>
/// <param name="Provider"><c>onnx</c>, <c>openai</c>, ...</param>
/// <param name="Model">The provider's own name for it.</param>
/// <param name="ContextTokens">Longest input plus output, in tokens; null when unknown.</param>
/// <param name="InputUsdPerMillion">Price of a million input tokens, USD.</param>
/// <param name="OutputUsdPerMillion">Price of a million output tokens, USD.</param>
public sealed record ModelView(string Name, string Provider, string? Model, int? ContextTokens, decimal InputUsdPerMillion, decimal OutputUsdPerMillion);
