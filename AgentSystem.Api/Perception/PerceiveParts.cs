using AgentSystem.Api.Http;
using AgentSystem.Contracts.Perception;
using AgentSystem.Runtime.Perception;
using AgentSystem.Runtime.Pipeline;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AgentSystem.Api.Perception;

/// <summary><c>POST /api/v1/perception</c>: 200 with what became of each part; the first refusal's status when every part was refused.</summary>
internal static class PerceiveParts
{
    public static async Task<Results<Ok<Perceived>, FailureResult>> Handle(HttpContext http, Perceiver perceiver, IOptions<PerceptionOptions> options, CancellationToken cancellation)
    {
        var (parts, failure) = await PartsForm.ReadAsync(http.Request, options.Value.MaxParts, cancellation);
        if (parts is null)
        {
            return new FailureResult(failure!);
        }

        var caller = http.Caller();
        var ask = parts.Describe ? new PerceptionAsk(http.TraceIdentifier, caller, null) : null;
        var seen = await perceiver.PerceiveAsync(new PerceptionRequest(caller.Tenant, parts.Thumbnails, ask), parts.Inputs, cancellation);
        return seen.All(static part => part.Problem is not null)
            ? new FailureResult(new RunFailure(seen[0].Problem!.Status, "invalid_request_error", seen[0].Problem!.Code, seen[0].Problem!.Message, parts.Places[0]))
            : TypedResults.Ok(new Perceived([.. seen.Select(static part => part.Part)]));
    }
}
