using System.Net;
using System.Net.Sockets;
using Polly.CircuitBreaker;

namespace AgentSystem.Runtime.Resilience;

/// <summary>Reads an exception of a model call as a <see cref="ModelFailure"/>.</summary>
internal static class ModelFailures
{
    private static readonly TimeSpan SoonAgain = TimeSpan.FromSeconds(1);

    /// <summary>Null when the exception is not one a model call is expected to throw.</summary>
    public static ModelFailure? Read(Exception exception, string model) => exception switch
    {
        ModelCallException known => known.Failure,
        BrokenCircuitException open => new ModelFailure(503, "model_unavailable", $"Model \"{model}\" failed too often and rests; try again shortly.", false, open.RetryAfter ?? SoonAgain),
        HttpRequestException { StatusCode: HttpStatusCode.TooManyRequests } => new ModelFailure(503, "model_overloaded", $"The provider of model \"{model}\" is over its rate limit.", true, SoonAgain),
        HttpRequestException { StatusCode: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } => new ModelFailure(502, "model_refused_credentials", $"The provider of model \"{model}\" refused its key; set Models:{model}:ApiKey.", false),
        HttpRequestException { StatusCode: { } status } when (int)status is >= 400 and < 500 => new ModelFailure(502, "model_refused_request", $"The provider of model \"{model}\" refused the request with status {(int)status}.", false),
        HttpRequestException or SocketException or IOException => new ModelFailure(502, "model_unreachable", $"Model \"{model}\" could not be reached; check Models:{model}:Endpoint.", true, SoonAgain),
        TimeoutException => new ModelFailure(504, "model_timeout", $"Model \"{model}\" did not answer in time.", true, SoonAgain),
        _ => null,
    };
}
