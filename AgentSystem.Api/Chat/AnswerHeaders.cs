using System.Globalization;
using AgentSystem.Contracts.Security;
using AgentSystem.Contracts.Usage;
using AgentSystem.Runtime.Pipeline;

namespace AgentSystem.Api.Chat;

/// <summary>The <c>x-agentsystem-*</c> and <c>x-ratelimit-*</c> headers of an answer.</summary>
internal static class AnswerHeaders
{
    /// <summary>What is known before the first piece of the answer leaves.</summary>
    public static void WriteEarly(IHeaderDictionary headers, RunContext run)
    {
        if (run.Agent is { } agent)
        {
            headers["x-agentsystem-agent"] = agent.Name;
        }

        if (run.Instance is { } instance)
        {
            headers["x-agentsystem-instance"] = instance.Name;
        }

        // The model that answers, which a fallback may have made another one than the agent asked for.
        if ((run.Report.Model ?? run.Model?.View.Name) is { } model)
        {
            headers["x-agentsystem-model"] = model;
        }

        if (run.ThreadId is { } thread)
        {
            headers["x-agentsystem-thread"] = thread;
        }

        headers["x-agentsystem-cache"] = run.CacheOutcome;
        if (run.Limits is { } limits)
        {
            WriteLimits(headers, run.Call.Caller.Limits, limits);
        }
    }

    /// <summary>What is known once the answer is whole.</summary>
    public static void WriteLate(IHeaderDictionary headers, RunResult result)
    {
        WriteEarly(headers, result.Run);
        headers["x-agentsystem-cost-usd"] = Cost(result.Usage);
        headers["x-agentsystem-attempts"] = result.Usage.Attempts.ToString(CultureInfo.InvariantCulture);
        headers["x-agentsystem-fallbacks"] = result.Usage.Fallbacks.ToString(CultureInfo.InvariantCulture);
        headers["x-agentsystem-overhead-ms"] = result.Usage.OverheadMs.ToString("0.###", CultureInfo.InvariantCulture);
        WriteBudget(headers, result.Usage);
        if (result.Run.Report.Confidence is { } confidence)
        {
            headers["x-agentsystem-confidence"] = confidence.ToString("0.####", CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Decimal USD without a trailing row of zeros.</summary>
    public static string Cost(RequestUsage usage) => Usd(usage.CostUsd);

    /// <summary>What is left in the budget that has least; nothing where no budget counts the request.</summary>
    public static void WriteBudget(IHeaderDictionary headers, RequestUsage usage)
    {
        if (usage.BudgetRemaining is { } remaining)
        {
            headers["x-agentsystem-budget-remaining"] = Usd(remaining);
        }
    }

    private static string Usd(decimal usd) => usd.ToString("0.############", CultureInfo.InvariantCulture);

    /// <summary>What is left of the key's limits.</summary>
    public static void WriteLimits(IHeaderDictionary headers, KeyLimits limits, Runtime.Security.LimitVerdict verdict)
    {
        WriteLimit(headers, "requests", limits.RequestsPerMinute, verdict.RemainingRequests, verdict.Reset);
        WriteLimit(headers, "tokens", limits.TokensPerMinute, verdict.RemainingTokens, verdict.Reset);
    }

    private static void WriteLimit(IHeaderDictionary headers, string what, int? limit, long? remaining, TimeSpan reset)
    {
        if (limit is null)
        {
            return;
        }

        headers["x-ratelimit-limit-" + what] = limit.Value.ToString(CultureInfo.InvariantCulture);
        headers["x-ratelimit-remaining-" + what] = (remaining ?? 0).ToString(CultureInfo.InvariantCulture);
        headers["x-ratelimit-reset-" + what] = reset.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) + "s";
    }
}
