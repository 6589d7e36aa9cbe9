using System.Globalization;
using AgentSystem.Api.Http;
using AgentSystem.Contracts.Agents;
using AgentSystem.Contracts.Json;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Pipeline;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Agents;

/// <summary><c>GET /api/v1/agents/{name}/versions</c>: every version, newest first, also of an archived agent.</summary>
internal static class ListVersions
{
    public static async Task<Results<Ok<ListPage<AgentVersionView>>, FailureResult>> Handle(
        string name, HttpContext http, AgentRegistry agents, CancellationToken cancellation, string? limit = null, string? cursor = null)
    {
        var (page, failure) = PageRequest.Read(http);
        if (page is null)
        {
            return new FailureResult(failure!);
        }

        var before = int.MaxValue;
        if (page.After is { } after && !int.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out before))
        {
            return new FailureResult(RunFailure.Invalid("invalid_cursor", "\"cursor\" is not one of this list; pass the \"next_cursor\" of an earlier page as it is.", "cursor"));
        }

        if (await agents.StateAsync(http.Caller(), name, cancellation) is not { } state)
        {
            return AgentFailures.Missing(name).ToResult();
        }

        var rows = await agents.VersionsAsync(http.Caller(), name, before, page.Limit + 1, cancellation);
        http.Response.Headers.ETag = state.Tag;
        return TypedResults.Ok(page.Page<AgentVersionView>([.. rows.Select(static row => row.ToView())], static view => view.Version.ToString(CultureInfo.InvariantCulture)));
    }
}
