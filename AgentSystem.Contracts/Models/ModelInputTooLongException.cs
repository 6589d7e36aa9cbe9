namespace AgentSystem.Contracts.Models;

/// <summary>The conversation does not fit into the model's context. Nothing was computed; trying again with the same input cannot help.</summary>
/// <param name="model">The configured name.</param>
/// <param name="promptTokens">Length of the input in tokens; a lower bound when the input was too long to be worth counting.</param>
/// <param name="contextTokens">Longest input plus output in tokens.</param>
public sealed class ModelInputTooLongException(string model, int promptTokens, int contextTokens)
    : Exception($"The input has {promptTokens} tokens or more; the model '{model}' has room for {contextTokens} with its answer. Shorten the conversation or choose a model with a longer context.")
{
    /// <summary>Length of the input in tokens, or a lower bound of it.</summary>
    public int PromptTokens { get; } = promptTokens;

    /// <summary>Longest input plus output in tokens.</summary>
    public int ContextTokens { get; } = contextTokens;
}
