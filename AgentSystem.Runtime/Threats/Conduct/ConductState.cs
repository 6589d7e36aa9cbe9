using AgentSystem.Contracts.Security;

namespace AgentSystem.Runtime.Threats.Conduct;

/// <summary>What is remembered of one subject, in under a kilobyte. Not safe for several threads; <see cref="ConductWatch"/> takes care of that.</summary>
internal sealed class ConductState(ConductThresholds thresholds)
{
    private readonly DistinctCount targets = new();
    private readonly DistinctCount credentials = new();
    private DecayingCount requests, blocked, limited, failed;
    private long interval;
    private int here;
    private decimal spent;

    /// <summary>What the subject usually does.</summary>
    public ConductProfile Profile { get; private set; }

    /// <summary>True when the profile has changed since it was kept.</summary>
    public bool HasLearned { get; set; }

    /// <summary>Takes the profile that earlier processes learned, unless this one knows more already.</summary>
    public void Remember(ConductProfile kept)
    {
        if (kept.Rate.Learned > Profile.Rate.Learned)
        {
            Profile = kept;
        }
    }

    /// <summary>Takes in what happened.</summary>
    public void Take(in ConductEvent happened, DateTimeOffset now)
    {
        Roll(now);
        spent += happened.Usd;
        if (happened.IsRequest)
        {
            requests.Add(now);
            here++;
        }

        if (happened.Target != 0)
        {
            (happened.Outcome == ConductOutcome.Guessed ? credentials : targets).Add(happened.Target, now);
        }

        switch (happened.Outcome)
        {
            case ConductOutcome.Wrong or ConductOutcome.Denied or ConductOutcome.Guessed or ConductOutcome.Missing:
                failed.Add(now);
                break;
            case ConductOutcome.Limited:
                limited.Add(now);
                break;
            case ConductOutcome.Blocked:
                blocked.Add(now);
                break;
            default:
                break;
        }
    }

    /// <summary>Everything of note at the moment; usually nothing.</summary>
    /// <param name="shared">True for a key that speaks for many users: then what a few of them do must not speak against all.</param>
    public IEnumerable<ConductFinding> Findings(DateTimeOffset now, bool shared)
    {
        Roll(now);
        var all = Math.Max(1, requests.At(now));
        var distinct = targets.Estimate(now);
        if (distinct >= thresholds.ScanTargets / 2.0)
        {
            yield return Finding(IncidentKinds.Scanning, distinct, thresholds.ScanTargets);
        }

        var guesses = credentials.Estimate(now);
        if (guesses >= thresholds.WrongCredentials / 2.0)
        {
            yield return Finding(IncidentKinds.CredentialGuessing, guesses, thresholds.WrongCredentials);
        }

        var refused = blocked.At(now);
        if (refused >= 1 && (!shared || refused >= all * ConductThresholds.SharedShare))
        {
            yield return Finding(IncidentKinds.RepeatedBlocks, refused, thresholds.BlockedInputs - ConductThresholds.Faded);
        }

        var failures = failed.At(now);
        if (failures >= thresholds.Failures / 2.0 && failures >= all * ConductThresholds.FailedShare)
        {
            yield return Finding(IncidentKinds.Failures, failures, thresholds.Failures);
        }

        var refusedByLimits = limited.At(now);
        if (refusedByLimits >= thresholds.LimitedRequests / 2.0 && refusedByLimits >= all * ConductThresholds.FailedShare)
        {
            yield return Finding(IncidentKinds.Hammering, refusedByLimits, thresholds.LimitedRequests);
        }

        if (!Profile.IsLearned)
        {
            yield break;
        }

        var faster = Profile.RateAbove(here);
        if (here >= ConductThresholds.FewestRequests && faster >= thresholds.Deviations / 2)
        {
            yield return Finding(IncidentKinds.RateJump, faster, thresholds.Deviations);
        }

        var dearer = Profile.CostAbove(spent);
        if (spent >= thresholds.CostJumpUsd && dearer >= thresholds.Deviations / 2)
        {
            yield return Finding(IncidentKinds.CostJump, dearer, thresholds.Deviations);
        }
    }

    /// <summary>The counters, by name, for evidence.</summary>
    public IReadOnlyDictionary<string, double> Figures(DateTimeOffset now)
    {
        Roll(now);
        return new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["requests"] = Math.Round(requests.At(now), 1),
            ["failed"] = Math.Round(failed.At(now), 1),
            ["limited"] = Math.Round(limited.At(now), 1),
            ["blocked"] = Math.Round(blocked.At(now), 1),
            ["distinct_targets"] = Math.Round(targets.Estimate(now), 1),
            ["distinct_credentials"] = Math.Round(credentials.Estimate(now), 1),
            ["interval_requests"] = here,
            ["interval_usd"] = (double)spent,
            ["usual_requests"] = Math.Round(Math.Exp(Profile.Rate.Mean) - 1, 1),
            ["usual_usd"] = Math.Round((Math.Exp(Profile.Cost.Mean) - 1) / 1000, 6),
            ["learned_intervals"] = Profile.Rate.Learned,
        };
    }

    // Half at the threshold, so that an alarm is half a suspicion and twice the threshold a whole one.
    private static ConductFinding Finding(string kind, double value, double threshold) =>
        new(kind, Math.Round(Math.Clamp(value / (2 * threshold), 0, 1), 4), Math.Round(value, 2), threshold);

    private void Roll(DateTimeOffset now)
    {
        var current = now.UtcTicks / ConductProfile.Interval.Ticks;
        if (current <= interval)
        {
            return;
        }

        if (here > 0)
        {
            Profile = Profile.Learn(here, spent);
            HasLearned = true;
        }

        (interval, here, spent) = (current, 0, 0);
    }
}
