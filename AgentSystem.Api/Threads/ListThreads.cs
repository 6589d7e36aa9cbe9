using System.Globalization;
using AgentSystem.Api.Http;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Threads;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Threads;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AgentSystem.Api.Threads;

/// <summary><c>GET /api/v1/threads</c>: newest first, narrowed by <c>?agent=</c>, <c>?user=</c> and <c>?q=</c>.</summary>
internal static class ListThreads
{
    private const char Between = '|';

    public static async Task<Results<Ok<ListPage<ThreadView>>, FailureResult>> Handle(
        HttpContext http, IThreadStore threads, IOptions<SecurityOptions> security, string? agent, string? user, string? q, CancellationToken cancellation, string? limit = null, string? cursor = null)
    {
        var (caller, text) = (http.Caller(), string.IsNullOrWhiteSpace(q) ? null : q);
        var (page, failure) = PageRequest.Read(http);
        failure ??= ThreadAccess.Refuse(caller, user, security.Value.MaxUserLength) ?? RefuseText(agent, "agent") ?? RefuseText(text, "q");
        var after = page?.After is { } key ? Position(key) : null;
        if (failure is null && page!.After is not null && after is null)
        {
            failure = RunFailure.Invalid("invalid_cursor", "\"cursor\" is not one of this list; pass its \"next_cursor\" as it is, or leave it out to begin at the start.", "cursor");
        }

        if (failure is not null)
        {
            return new FailureResult(failure);
        }

        var scope = ThreadAccess.Of(caller);
        scope = scope.User is null && user is not null ? scope with { User = ThreadUser.Asked(user) } : scope;
        var rows = await threads.ListAsync(scope, new ThreadQuery(agent, text, after, page!.Limit + 1), cancellation);
        return TypedResults.Ok(page.Page(rows, static thread => thread.UpdatedAt.UtcTicks.ToString(CultureInfo.InvariantCulture) + Between + thread.Id));
    }

    private static RunFailure? RefuseText(string? text, string member) => text is not null && (text.Length > ThreadLimits.MaxSearch || text.Contains('\0', StringComparison.Ordinal))
        ? RunFailure.Invalid("invalid_value", $"\"{member}\" must have at most {ThreadLimits.MaxSearch} characters, none of them U+0000.", member)
        : null;

    private static ThreadPosition? Position(string key)
    {
        var parts = key.Split(Between);
        return parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTimeOffset.MaxValue.Ticks
            && parts[1].Length is > 0 and <= ThreadLimits.MaxKey && !parts[1].Contains('\0', StringComparison.Ordinal)
            ? new ThreadPosition(new DateTimeOffset(ticks, TimeSpan.Zero), parts[1])
            : null;
    }
}
