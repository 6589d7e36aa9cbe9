using System.Globalization;
using AgentSystem.Api.Http;
using AgentSystem.Api.Threads;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Runs;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Runs;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Threads;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AgentSystem.Api.Runs;

/// <summary><c>GET /api/v1/runs</c>: newest first, narrowed by <c>?status=</c>, <c>?agent=</c>, <c>?thread_id=</c>, <c>?parent_run_id=</c> and <c>?user=</c>.</summary>
internal static class ListRuns
{
    private const char Between = '|';

    private static readonly Dictionary<string, RunStatus> Statuses = Enum.GetValues<RunStatus>().ToDictionary(static status => status.ToString().ToLowerInvariant(), StringComparer.Ordinal);

    public static async Task<Results<Ok<ListPage<RunSummary>>, FailureResult>> Handle(
        HttpContext http, IRunStore runs, IOptions<SecurityOptions> security, string? status, string? agent, string? thread_id, string? parent_run_id, string? user, CancellationToken cancellation, string? limit = null, string? cursor = null)
    {
        var caller = http.Caller();
        var (page, failure) = PageRequest.Read(http, static key => Position(key) is not null);
        failure ??= ThreadAccess.Refuse(caller, user, security.Value.MaxUserLength) ?? TooLong(agent, "agent") ?? TooLong(thread_id, "thread_id") ?? TooLong(parent_run_id, "parent_run_id");
        RunStatus? wanted = null;
        if (status is not null)
        {
            if (Statuses.TryGetValue(status, out var known))
            {
                wanted = known;
            }
            else
            {
                failure ??= RunFailure.Invalid("invalid_value", $"\"status\" must be one of {string.Join(", ", Statuses.Keys)}.", "status");
            }
        }

        if (failure is not null)
        {
            return new FailureResult(failure);
        }

        var scope = RunAccess.Of(caller);
        scope = scope.User is null && user is not null ? scope with { User = ThreadUser.Asked(user) } : scope;
        var rows = await runs.ListAsync(
            scope, new RunQuery(page!.Limit + 1, page.After is { } key ? Position(key) : null) { Status = wanted, Agent = agent, ThreadId = thread_id, ParentId = parent_run_id }, cancellation);
        var shown = page.Page(rows, static run => run.CreatedAt.UtcTicks.ToString(CultureInfo.InvariantCulture) + Between + run.Id);
        return TypedResults.Ok(new ListPage<RunSummary>([.. shown.Data.Select(RunViews.Summary)], shown.NextCursor));
    }

    private static RunFailure? TooLong(string? text, string member) =>
        text?.Length > ThreadLimits.MaxSearch ? RunFailure.Invalid("invalid_value", $"\"{member}\" must have at most {ThreadLimits.MaxSearch} characters.", member) : null;

    private static RunPosition? Position(string key)
    {
        var parts = key.Split(Between);
        return parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTimeOffset.MaxValue.Ticks && parts[1].Length > 0
            ? new RunPosition(new DateTimeOffset(ticks, TimeSpan.Zero), parts[1])
            : null;
    }
}
