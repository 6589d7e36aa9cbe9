using AgentSystem.Runtime.Pipeline;

namespace AgentSystem.Api.Http;

/// <summary>A failure as a typed result, so that a handler's signature says it can happen.</summary>
internal sealed class FailureResult(RunFailure failure) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => ErrorAnswers.WriteAsync(httpContext, failure, httpContext.RequestAborted);
}
