namespace AgentSystem.Runtime.Threats.Conduct;

/// <summary>From when on conduct is an alarm. Counts are decayed ones (half after five minutes).</summary>
/// <param name="ScanTargets">Different things asked for in vain in 10 to 20 minutes.</param>
/// <param name="WrongCredentials">Different wrong credentials from one address in 10 to 20 minutes.</param>
/// <param name="BlockedInputs">Refused inputs.</param>
/// <param name="Failures">Failed requests, where they are most of the subject's.</param>
/// <param name="LimitedRequests">Requests a limit refused, where they are most of the subject's.</param>
/// <param name="Deviations">Deviations above the learned level.</param>
/// <param name="CostJumpUsd">USD in five minutes below which nothing is a jump.</param>
internal sealed record ConductThresholds(
    int ScanTargets = 20, int WrongCredentials = 10, int BlockedInputs = 3, int Failures = 60, int LimitedRequests = 200, double Deviations = 6, decimal CostJumpUsd = 1)
{
    /// <summary>Share of a caller's requests that must have failed before failing is suspicious: everybody errs now and then.</summary>
    public const double FailedShare = .6;

    /// <summary>Share of a shared key's requests that must have been blocked before that speaks against the key.</summary>
    public const double SharedShare = .2;

    /// <summary>What the first of a few refused inputs may have faded by when the last one comes.</summary>
    public const double Faded = .5;

    /// <summary>Requests in five minutes below which nothing is a jump.</summary>
    public const int FewestRequests = 100;
}
