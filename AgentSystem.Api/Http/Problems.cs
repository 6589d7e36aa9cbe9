using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Metadata;

namespace AgentSystem.Api.Http;

/// <summary>What OpenAPI says of the failures that every operation of the platform surface shares; said once, for the group.</summary>
internal static class Problems
{
    private const string MediaType = "application/problem+json";
    private static readonly int[] Always = [400, 401, 403, 503];
    private static readonly int[] OfBodies = [413, 415];

    /// <summary>Lists the failures of every endpoint in the group; 404 where a path names something, 413 and 415 where a body is read.</summary>
    public static RouteGroupBuilder WithProblems(this RouteGroupBuilder group)
    {
        ((IEndpointConventionBuilder)group).Finally(static endpoint =>
        {
            int[] named = endpoint is RouteEndpointBuilder { RoutePattern.Parameters.Count: > 0 } ? [404] : [];
            int[] read = endpoint.Metadata.OfType<IAcceptsMetadata>().Any() ? OfBodies : [];
            foreach (var status in Always.Concat(named).Concat(read))
            {
                endpoint.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(Problem), [MediaType]));
            }
        });
        return group;
    }
}

/// <summary>A failure as OpenAPI shows it; <see cref="ErrorAnswers"/> writes it.</summary>
internal sealed record Problem(string Type, string Title, int Status, string Detail, string Code, string? Param, [property: JsonPropertyName("traceId")] string TraceId);
