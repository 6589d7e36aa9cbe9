using AgentSystem.Runtime.Resilience;
using AgentSystem.ServiceDefaults.Inference;

namespace AgentSystem.Api.Models;

/// <summary>Says an engine's own exceptions in the runtime's words: this is the one place that knows both.</summary>
internal static class TranslatedFailures
{
    /// <summary>Null for an exception that needs no translation.</summary>
    public static ModelCallException? Read(Exception exception, string model) => exception switch
    {
        ModelInputTooLongException e => new ModelCallException(TooLong(e.Message), e),
        ModelCallMissingException e => new ModelCallException(new ModelFailure(502, ModelFailure.CallMissing, e.Message, Retryable: false), e),
        ModelBusyException e => new ModelCallException(new ModelFailure(503, "model_overloaded", e.Message, Retryable: true, TimeSpan.FromSeconds(1)), e),
        ProviderException { TooLong: true } e => new ModelCallException(
            TooLong($"The input is too long for model \"{model}\", says its provider. Shorten the conversation or choose a model with a longer context."), e),
        ProviderException { StatusCode: { } status } e => new ModelCallException(Advised(ModelFailure.OfStatus((int)status, model, e.Pause), e.Cure), e),
        _ => null,
    };

    private static ModelFailure TooLong(string message) => new(400, "context_length_exceeded", message, Retryable: false);

    private static ModelFailure Advised(ModelFailure failure, string? cure) => cure is null ? failure : failure with { Message = cure };
}
