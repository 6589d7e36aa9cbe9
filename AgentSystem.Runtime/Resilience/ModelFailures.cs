using System.Net;
using System.Net.Sockets;
using AgentSystem.Contracts.Models;
using AgentSystem.Contracts.Roles;
using Polly.CircuitBreaker;

namespace AgentSystem.Runtime.Resilience;

/// <summary>Reads an exception of a model call as a <see cref="ModelFailure"/>.</summary>
internal static class ModelFailures
{
    /// <summary>The conversation does not fit into the model.</summary>
    public const string ContextLength = "context_length_exceeded";

    /// <summary>The model is at a limit the operator set, or its provider asked for a pause.</summary>
    public const string RateLimited = "model_rate_limited";

    private const string RefusedRequest = "model_refused_request";
    private static readonly TimeSpan SoonAgain = TimeSpan.FromSeconds(1);

    // What stands between us and a model may answer these while the model goes on, and sells.
    private static readonly int[] MayHaveSold = [408, 502, 504, 524];

    /// <summary>Null when the exception is not one a model call is expected to throw.</summary>
    public static ModelFailure? Read(Exception exception, string model) => ReadAny(exception, model) is { } failure ? failure with { Unbilled = failure.Unbilled || IsUnsent(exception, failure) } : null;

    private static bool IsUnsent(Exception exception, ModelFailure failure) =>
        failure.Code is RateLimited or ContextLength || exception is BrokenCircuitException
        || exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError };

    private static ModelFailure? ReadAny(Exception exception, string model) => exception switch
    {
        ModelCallException known => known.Failure,
        RoleCallException role => new ModelFailure(role.Status, role.Code, role.Message, role.NotStarted, role.RetryAfter) { Unbilled = role.NotStarted },
        ModelInputTooLongException tooLong => TooLong(tooLong.Message),
        ModelCallMissingException missing => new ModelFailure(502, ModelFailure.CallMissing, missing.Message, Retryable: false),
        ModelBusyException busy => new ModelFailure(503, "model_overloaded", busy.Message, Retryable: true, SoonAgain),
        ProviderException { TooLong: true } => TooLong($"The input is too long for model \"{model}\", says its provider. Shorten the conversation or choose a model with a longer context."),
        ProviderException { StatusCode: { } status } told => Advised(ReadStatus((int)status, model, told.Pause), told.Cure),
        IsolatedCircuitException => new ModelFailure(503, "model_unavailable", $"An operator closed model \"{model}\" to calls; POST /api/v1/models/{model}/breaker opens it to them again.", false),
        BrokenCircuitException open => new ModelFailure(503, "model_unavailable", $"Model \"{model}\" failed too often and rests; try again shortly.", false, open.RetryAfter ?? SoonAgain),
        HttpRequestException { StatusCode: { } status } => ReadStatus((int)status, model, null),
        HttpRequestException or SocketException or IOException => new ModelFailure(502, "model_unreachable", $"Model \"{model}\" could not be reached; check Models:{model}:Endpoint.", true, SoonAgain),
        TimeoutException => new ModelFailure(504, "model_timeout", $"Model \"{model}\" did not answer in time.", true, SoonAgain),
        _ => null,
    };

    /// <summary>What a provider's HTTP status means.</summary>
    /// <param name="pause">How long the provider asked to be left alone; null when it did not.</param>
    public static ModelFailure ReadStatus(int status, string model, TimeSpan? pause) => Meaning(status, model, pause) with { Unbilled = !MayHaveSold.Contains(status) };

    private static ModelFailure Meaning(int status, string model, TimeSpan? pause) => status switch
    {
        429 => new ModelFailure(503, "model_overloaded", $"The provider of model \"{model}\" is over its rate limit.", true, pause ?? SoonAgain, pause is not null),
        401 or 403 => new ModelFailure(502, "model_refused_credentials", $"The provider of model \"{model}\" refused its key; set Models:{model}:ApiKey.", false),
        404 => new ModelFailure(502, "model_missing", $"The provider of model \"{model}\" does not know it; check Models:{model}:Model and Models:{model}:Endpoint.", false),
        408 => new ModelFailure(504, "model_timeout", $"The provider of model \"{model}\" did not answer in time.", true, pause ?? SoonAgain, pause is not null),
        >= 400 and < 500 => new ModelFailure(502, RefusedRequest, $"The provider of model \"{model}\" refused the request with status {status}.", false),
        503 => new ModelFailure(503, "model_overloaded", $"The provider of model \"{model}\" is overloaded.", true, pause ?? SoonAgain, pause is not null),
        _ => new ModelFailure(502, "model_unreachable", $"The provider of model \"{model}\" failed with status {status}; check Models:{model}:Endpoint.", true, pause ?? SoonAgain, pause is not null),
    };

    private static ModelFailure TooLong(string message) => new(400, ContextLength, message, Retryable: false);

    private static ModelFailure Advised(ModelFailure failure, string? cure) => cure is null ? failure : failure with { Message = cure };

    /// <summary>True when the failure is the model's own trouble: only that counts for its breaker.</summary>
    public static bool IsTheModels(ModelFailure failure) => failure is { Status: >= 500, Code: not (RefusedRequest or RateLimited or ModelFailure.CallMissing) };

    /// <summary>True when another model may be able to answer what this one could not.</summary>
    public static bool AnotherMayHelp(ModelFailure failure) => failure.Code is ContextLength || failure is { Status: >= 500, Code: not RefusedRequest };
}
