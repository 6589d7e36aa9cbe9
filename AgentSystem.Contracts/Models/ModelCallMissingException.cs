namespace AgentSystem.Contracts.Models;

/// <summary>The caller demanded a tool call and the model did not write one that an offered tool could take. Trying again with the same input cannot help; another model may.</summary>
/// <param name="model">The configured name.</param>
/// <param name="isCutOff">The call was not complete when the limit of output tokens was reached.</param>
public sealed class ModelCallMissingException(string model, bool isCutOff)
    : Exception(isCutOff
        ? $"The tool call that tool_choice demands was not complete when the model '{model}' reached its limit of output tokens. Raise max_completion_tokens, or use a larger model."
        : $"The model '{model}' did not write the tool call that tool_choice demands: its arguments did not fit the tool's schema. Use a larger model, a schema of plain strings, or tool_choice \"auto\".")
{
    /// <summary>The call was not complete when the limit of output tokens was reached.</summary>
    public bool IsCutOff { get; } = isCutOff;
}
