namespace AgentSystem.ServiceDefaults.Inference;

/// <summary>A model that can be called, as configured.</summary>
/// <param name="Name">The name in <c>Models:&lt;name&gt;</c>.</param>
/// <param name="Provider"><c>onnx</c>, <c>openai</c>, ...</param>
/// <param name="Model">The provider's own name of it.</param>
/// <param name="ContextTokens">Longest input plus output in tokens; null when unknown.</param>
/// <param name="InputUsdPerMillion">USD for a million input tokens.</param>
/// <param name="OutputUsdPerMillion">USD for a million output tokens.</param>
public sealed record ConfiguredModel(string Name, string Provider, string Model, int? ContextTokens, decimal InputUsdPerMillion, decimal OutputUsdPerMillion);
