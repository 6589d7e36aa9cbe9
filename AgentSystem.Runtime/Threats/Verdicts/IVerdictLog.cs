using AgentSystem.Contracts.Security;

namespace AgentSystem.Runtime.Threats.Verdicts;

/// <summary>Where it is kept what screening said of inputs, without the inputs.</summary>
public interface IVerdictLog
{
    /// <summary>Keeps counts and what was flagged, in one transaction.</summary>
    Task WriteAsync(VerdictBatch batch, CancellationToken cancellation);

    /// <summary>Counts since a moment, and the newest flagged inputs.</summary>
    Task<VerdictsView> ReadAsync(string tenant, DateTimeOffset now, int flagged, CancellationToken cancellation);

    /// <summary>Flagged inputs of a key or user between two moments, the latest first.</summary>
    Task<IReadOnlyList<FlaggedInput>> OfSubjectAsync(string tenant, string subject, DateTimeOffset from, DateTimeOffset to, int limit, CancellationToken cancellation);

    /// <summary>Deletes what is older, at most so many rows of each, and gives how many it were.</summary>
    Task<int> CleanAsync(DateTimeOffset before, int most, CancellationToken cancellation);
}

/// <summary>What has gathered since the last batch.</summary>
/// <param name="Counts">Texts by tenant, minute and verdict.</param>
/// <param name="Flagged">What was flagged, with its tenant.</param>
public sealed record VerdictBatch(IReadOnlyDictionary<(string Tenant, DateTimeOffset Minute, ScreenVerdict Verdict), long> Counts, IReadOnlyList<(string Tenant, FlaggedInput Input)> Flagged);
