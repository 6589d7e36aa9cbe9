using System.Net;
using AgentSystem.Contracts.Models;
using AgentSystem.Contracts.Roles;

namespace AgentSystem.Runtime.Agents.Remote;

/// <summary>A model's failure on the wire: whoever called meets the same kind of exception as beside the model, and so does everything that reads it.</summary>
internal static class EngineFailures
{
    /// <summary>For the wire; null for an exception that a model call is not expected to throw.</summary>
    public static EngineFailure? Write(Exception failed) => failed switch
    {
        ProviderException told => new EngineFailure
        {
            Kind = told.TooLong ? EngineFailureKind.TooLong : EngineFailureKind.Provider,
            Message = told.Message, Status = (int)told.StatusCode!.Value, PauseMilliseconds = (long)(told.Pause ?? TimeSpan.Zero).TotalMilliseconds, Cure = told.Cure,
        },
        ModelInputTooLongException tooLong => new EngineFailure { Kind = EngineFailureKind.TooLong, Message = tooLong.Message, Count = tooLong.PromptTokens, Room = tooLong.ContextTokens },
        ModelBusyException busy => new EngineFailure { Kind = EngineFailureKind.Busy, Message = busy.Message, Count = busy.Waiting },
        ModelCallMissingException { IsCutOff: var cut } missing => new EngineFailure { Kind = cut ? EngineFailureKind.CallCutOff : EngineFailureKind.CallMissing, Message = missing.Message },
        TimeoutException late => new EngineFailure { Kind = EngineFailureKind.Late, Message = late.Message },
        HttpRequestException or IOException => new EngineFailure { Kind = EngineFailureKind.Unreachable, Message = "The model could not be reached." },
        _ => null,
    };

    /// <summary>The exception it was.</summary>
    /// <param name="model">The configured name.</param>
    public static Exception Read(EngineFailure failure, string model) => failure.Kind switch
    {
        EngineFailureKind.TooLong when failure.Status == 0 => new ModelInputTooLongException(model, failure.Count, failure.Room),
        EngineFailureKind.TooLong or EngineFailureKind.Provider => new ProviderException(
            failure.Message, (HttpStatusCode)failure.Status, failure.PauseMilliseconds > 0 ? TimeSpan.FromMilliseconds(failure.PauseMilliseconds) : null, failure.Cure, failure.Kind == EngineFailureKind.TooLong),
        EngineFailureKind.Busy => new ModelBusyException(model, failure.Count),
        EngineFailureKind.CallMissing or EngineFailureKind.CallCutOff => new ModelCallMissingException(model, failure.Kind == EngineFailureKind.CallCutOff),
        EngineFailureKind.Late => new TimeoutException(failure.Message),
        EngineFailureKind.Missing => new ProviderException($"The role inference has no model '{model}'.", HttpStatusCode.NotFound, null, $"The process of the role inference has no model \"{model}\"; give it the same Models:{model} as this one."),
        _ => new HttpRequestException(failure.Message),
    };
}
