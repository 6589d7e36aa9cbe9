using System.Globalization;
using AgentSystem.Api.Http;
using AgentSystem.Contracts.Budgets;
using AgentSystem.Contracts.Usage;
using AgentSystem.Runtime.Budgets;
using AgentSystem.Runtime.Pipeline;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Usage;

/// <summary><c>GET /api/v1/usage</c>: sums of the tenant's model calls.</summary>
internal static class ReportUsage
{
    private static readonly string[] Forms = ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"];

    public static async Task<Results<Ok<UsageReport>, FailureResult>> Handle(
        HttpContext http, IUsageLedger ledger, TimeProvider time, CancellationToken cancellation,
        string? from = null, string? to = null, string? group_by = null, string? limit = null, string? cursor = null)
    {
        var now = time.GetUtcNow();
        var (page, failure) = PageRequest.Read(http, static key => int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out _));
        var since = Moment(from, "from", WindowCalendar.Start(BudgetWindow.Month, now), ref failure);
        // A call of this very moment belongs to it.
        var until = Moment(to, "to", now.AddSeconds(1), ref failure);
        var groups = Groups(group_by, ref failure);
        if (failure is null && since >= until)
        {
            failure = RunFailure.Invalid("invalid_value", "\"from\" must be before \"to\".", "from");
        }

        if (failure is not null)
        {
            return new FailureResult(failure);
        }

        var skip = page!.After is { } after ? int.Parse(after, CultureInfo.InvariantCulture) : 0;
        var report = await ledger.ReportAsync(new UsageQuery(http.Caller().Tenant, since, until, groups, skip, page.Limit + 1), cancellation);
        var shown = page.Page(report.Data, _ => (skip + page.Limit).ToString(CultureInfo.InvariantCulture));
        return TypedResults.Ok(report with { Data = shown.Data, NextCursor = shown.NextCursor });
    }

    private static DateTimeOffset Moment(string? text, string member, DateTimeOffset otherwise, ref RunFailure? failure)
    {
        if (text is null)
        {
            return otherwise;
        }

        // A plus sign in a query is a blank once it is decoded.
        if (DateTimeOffset.TryParseExact(text.Replace(' ', '+'), Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
        {
            return moment.ToUniversalTime();
        }

        failure ??= RunFailure.Invalid("invalid_value", $"\"{member}\" must be a day such as 2026-11-28 or a time such as 2026-11-28T12:00:00Z.", member);
        return otherwise;
    }

    private static IReadOnlyList<string> Groups(string? text, ref RunFailure? failure)
    {
        var names = string.IsNullOrEmpty(text) ? [] : text.Split(',', StringSplitOptions.TrimEntries);
        if (names.Distinct().Count() != names.Length || names.Any(static name => !UsageGroups.All.Contains(name)))
        {
            failure ??= RunFailure.Invalid("invalid_value", $"\"group_by\" takes each of {string.Join(", ", UsageGroups.All)} at most once, with commas between.", "group_by");
        }

        return names;
    }
}
