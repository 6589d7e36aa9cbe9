namespace AgentSystem.Contracts.Security;

/// <summary>What screening said of the last hour's inputs: <c>GET /api/v1/security/verdicts</c>. Counted over all processes; at most a few seconds old.</summary>
/// <param name="WindowMinutes">Minutes the counts are of.</param>
/// <param name="Allowed">Texts that passed.</param>
/// <param name="Monitored">Texts that passed and are watched.</param>
/// <param name="Blocked">Texts that were refused.</param>
/// <param name="Flagged">The newest that were not simply allowed, the latest first.</param>
public sealed record VerdictsView(int WindowMinutes, long Allowed, long Monitored, long Blocked, IReadOnlyList<FlaggedInput> Flagged);

/// <summary>An input that was flagged; never its text.</summary>
/// <param name="Id">Its own id.</param>
/// <param name="At">When.</param>
/// <param name="RequestId">The request it came with.</param>
/// <param name="Agent">The agent it was for.</param>
/// <param name="KeyId">The key it came with.</param>
/// <param name="User">Whom it was for: <c>user:NAME</c>, or <c>key:ID</c>.</param>
/// <param name="Source">Who wrote it.</param>
/// <param name="Verdict">What became of it.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="ThreatScore">0 to 1.</param>
/// <param name="Signals">Names of the rules, models and watchers that spoke for it.</param>
/// <param name="Reading">How the text was read where it was found, e.g. <c>plain</c> or <c>base64</c>.</param>
public sealed record FlaggedInput(
    string Id,
    DateTimeOffset At,
    string RequestId,
    string Agent,
    string KeyId,
    string User,
    ScreenSource Source,
    ScreenVerdict Verdict,
    ScreenSeverity Severity,
    double ThreatScore,
    IReadOnlyList<string> Signals,
    string Reading);
