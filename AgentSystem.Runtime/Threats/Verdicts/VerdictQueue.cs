using AgentSystem.Contracts.Security;

namespace AgentSystem.Runtime.Threats.Verdicts;

/// <summary>Gathers verdicts until they are written. Bounded: what is flagged beyond <see cref="Capacity"/> is only counted.</summary>
internal sealed class VerdictQueue
{
    /// <summary>Flagged inputs kept while the database does not answer.</summary>
    public const int Capacity = 5_000;

    private readonly Lock gate = new();
    private Dictionary<(string Tenant, DateTimeOffset Minute, ScreenVerdict Verdict), long> counts = [];
    private List<(string Tenant, FlaggedInput Input)> flagged = [];

    /// <summary>A text was screened.</summary>
    /// <returns>False when it was flagged and did not fit.</returns>
    public bool Add(string tenant, DateTimeOffset at, ScreenVerdict verdict, FlaggedInput? input)
    {
        var minute = new DateTimeOffset(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        lock (gate)
        {
            counts[(tenant, minute, verdict)] = counts.GetValueOrDefault((tenant, minute, verdict)) + 1;
            if (input is null)
            {
                return true;
            }

            if (flagged.Count >= Capacity)
            {
                return false;
            }

            flagged.Add((tenant, input));
            return true;
        }
    }

    /// <summary>Everything gathered; null when there is nothing. What could not be written comes back by <see cref="Return"/>.</summary>
    public VerdictBatch? Take()
    {
        lock (gate)
        {
            if (counts.Count == 0 && flagged.Count == 0)
            {
                return null;
            }

            var batch = new VerdictBatch(counts, flagged);
            (counts, flagged) = ([], []);
            return batch;
        }
    }

    /// <summary>Puts a batch back in front of what has come since.</summary>
    /// <returns>How many flagged inputs did not fit.</returns>
    public int Return(VerdictBatch batch)
    {
        lock (gate)
        {
            foreach (var (of, count) in batch.Counts)
            {
                counts[of] = counts.GetValueOrDefault(of) + count;
            }

            List<(string, FlaggedInput)> all = [.. batch.Flagged, .. flagged];
            flagged = all[..Math.Min(all.Count, Capacity)];
            return all.Count - flagged.Count;
        }
    }
}
