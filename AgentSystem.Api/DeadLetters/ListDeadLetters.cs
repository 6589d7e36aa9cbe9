using System.Globalization;
using AgentSystem.Api.Http;
using AgentSystem.Api.Runs;
using AgentSystem.Api.Webhooks;
using AgentSystem.Contracts.DeadLetters;
using AgentSystem.Contracts.Json;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Runs;
using AgentSystem.Runtime.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.DeadLetters;

/// <summary><c>GET /api/v1/dead-letters</c>: runs that were given up, then messages that were; <c>?kind=</c> gives one of the two.</summary>
internal static class ListDeadLetters
{
    private const char Between = '|';

    public static async Task<Results<Ok<ListPage<DeadLetterView>>, FailureResult>> Handle(
        string? kind, HttpContext http, IRunStore runs, IWebhookOutbox outbox, CancellationToken cancellation, string? limit = null, string? cursor = null)
    {
        var (page, failure) = PageRequest.Read(http, static key => Position(key) is not null);
        if (kind is not (null or DeadLetterIds.Run or DeadLetterIds.Webhook))
        {
            failure ??= RunFailure.Invalid("invalid_value", $"\"kind\" must be {DeadLetterIds.Run} or {DeadLetterIds.Webhook}; leave it out for both.", "kind");
        }

        if (failure is not null)
        {
            return new FailureResult(failure);
        }

        var caller = http.Caller();
        var after = page!.After is { } key ? Position(key) : null;
        var (most, rows) = (page.Limit + 1, new List<(DeadLetterView Row, DateTimeOffset Key)>());
        if (kind != DeadLetterIds.Webhook && after?.Kind != DeadLetterIds.Webhook)
        {
            var dead = await runs.ListAsync(RunAccess.Of(caller), new RunQuery(most, after is { } place ? new RunPosition(place.At, place.Id) : null) { Dead = true }, cancellation);
            rows.AddRange(dead.Select(static run => (Of(run), run.CreatedAt)));
        }

        if (kind != DeadLetterIds.Run && rows.Count < most)
        {
            var before = after is { Kind: DeadLetterIds.Webhook } place ? (place.At, place.Id) : ((DateTimeOffset, string)?)null;
            var dead = await outbox.DeadAsync(ReadWebhooks.Scope(caller), before, most - rows.Count, cancellation);
            rows.AddRange(dead.Select(static row => (row with { Id = DeadLetterIds.Of(row.Id) }, row.DiedAt)));
        }

        var shown = page.Page(rows, static row => string.Join(Between, row.Row.Kind, row.Key.UtcTicks.ToString(CultureInfo.InvariantCulture), DeadLetterIds.Subject(row.Row.Id)));
        return TypedResults.Ok(new ListPage<DeadLetterView>([.. shown.Data.Select(static row => row.Row)], shown.NextCursor));
    }

    private static DeadLetterView Of(RunRecord run) => new(
        DeadLetterIds.Of(run.Id), DeadLetterIds.Run, run.Id, run.Agent, run.Error?.Message ?? "", run.Attempts, run.DeadAt ?? run.FinishedAt ?? run.CreatedAt);

    private static (string Kind, DateTimeOffset At, string Id)? Position(string key)
    {
        var parts = key.Split(Between);
        return parts.Length == 3 && parts[0] is (DeadLetterIds.Run or DeadLetterIds.Webhook) && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTimeOffset.MaxValue.Ticks
            ? (parts[0], new DateTimeOffset(ticks, TimeSpan.Zero), parts[2])
            : null;
    }
}
