using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Security.Screening;
using AgentSystem.Runtime.Threats.Conduct;
using AgentSystem.Runtime.Threats.Incidents;
using AgentSystem.Runtime.Threats.Intelligence;
using AgentSystem.Runtime.Threats.Verdicts;

namespace AgentSystem.Runtime.Threats;

/// <summary>What requests tell the watch, and what it says of who sends them. Nothing here waits for anything.</summary>
public sealed class ThreatWatch
{
    private const string Key = "key:";
    private const double Suspicious = .5;

    private readonly ConductWatch conduct;
    private readonly IntelligenceBoard intelligence;
    private readonly VerdictQueue verdicts;
    private readonly IIncidents incidents;
    private readonly ThreatTelemetry telemetry;

    internal ThreatWatch(ConductWatch conduct, IntelligenceBoard intelligence, VerdictQueue verdicts, IIncidents incidents, ThreatTelemetry telemetry) =>
        (this.conduct, this.intelligence, this.verdicts, this.incidents, this.telemetry) = (conduct, intelligence, verdicts, incidents, telemetry);

    /// <summary>A request was answered.</summary>
    /// <param name="tenant">The caller's; of nobody's request the one that runs the platform.</param>
    /// <param name="keyId">The key; null: nobody is known.</param>
    /// <param name="address">Where it came from.</param>
    /// <param name="status">Of the answer.</param>
    /// <param name="credential">What nobody known tried as a credential; empty: nothing. Only one bit of its hash is kept.</param>
    /// <param name="path">What was asked for; read only where it was in vain.</param>
    /// <param name="requestId">Its id.</param>
    public void Answered(string tenant, string? keyId, IPAddress? address, int status, string credential, string path, string requestId)
    {
        var outcome = keyId is null && credential.Length > 0 ? ConductOutcome.Guessed : Outcome(status);
        var target = outcome == ConductOutcome.Guessed ? Hash(credential) : outcome is ConductOutcome.Denied or ConductOutcome.Missing ? Hash(path) : 0;
        Take(new ConductSubject(tenant, keyId is null ? CallerAddress.Name(address) : Key + keyId), new ConductEvent(outcome, target, 0, requestId));
    }

    /// <summary>A run of an agent ended: what it cost, whether its input was refused, and whether there is such an agent.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="keyId">The key.</param>
    /// <param name="user">The user, as <c>user:NAME</c>, or <c>key:ID</c> where the key is its own.</param>
    /// <param name="agent">What was asked for.</param>
    /// <param name="status">Of the answer.</param>
    /// <param name="blocked">True when its input was refused for what it is up to.</param>
    /// <param name="usd">What it cost.</param>
    /// <param name="requestId">Its id.</param>
    public void Ended(string tenant, string keyId, string user, string agent, int status, bool blocked, decimal usd, string requestId)
    {
        var outcome = blocked ? ConductOutcome.Blocked : Outcome(status);
        var target = outcome == ConductOutcome.Missing ? Hash(agent) : 0;
        var shared = user.Length > 0 && user != Key + keyId;

        // The edge has counted the key's request already; a durable run is none.
        var beside = new ConductEvent(blocked ? ConductOutcome.Blocked : ConductOutcome.Served, target, usd, requestId, IsRequest: false);
        Take(new ConductSubject(tenant, Key + keyId), beside, shared);
        if (shared)
        {
            Take(new ConductSubject(tenant, user), new ConductEvent(outcome, target, usd, requestId));
        }
    }

    /// <summary>A key was used from an address; says how far imported lists warn of it. A match that is certain is reported.</summary>
    /// <returns>The confidence, 0 to 1.</returns>
    public double CameFrom(string tenant, string keyId, IPAddress? address, string requestId)
    {
        var (subject, listed) = (new ConductSubject(tenant, Key + keyId), intelligence.OfAddress(tenant, address));
        conduct.Mark(subject, listed?.Confidence ?? 0);
        if (listed is null)
        {
            return 0;
        }

        if (listed.Confidence >= Indicator.Certain && conduct.MayTell(subject, IncidentKinds.ListedIndicator))
        {
            incidents.Note(new IncidentReport(tenant, IncidentKinds.ListedIndicator, Key + keyId, ScreenSeverity.High, $"The key was used from {listed.Value}, which is listed.", requestId));
        }

        return listed.Confidence;
    }

    /// <summary>What is known beside a text.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="keyId">The key it came with.</param>
    /// <param name="user">Its user.</param>
    /// <param name="text">The text, which is compared with imported lists.</param>
    public ThreatSignals SignalsOf(string tenant, string keyId, string user, string text)
    {
        var key = conduct.Suspicion(new ConductSubject(tenant, Key + keyId));
        var person = user == Key + keyId ? default : conduct.Suspicion(new ConductSubject(tenant, user));
        return new ThreatSignals(
            Math.Max(key.Behaviour, person.Behaviour), Math.Max(key.Anomaly, person.Anomaly), Math.Max(key.Listed, intelligence.OfText(tenant, text)?.Confidence ?? 0));
    }

    /// <summary>A text of a request was screened.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="at">When.</param>
    /// <param name="verdict">What was said.</param>
    /// <param name="flagged">What is kept of it, where it was not simply allowed.</param>
    public void Screened(string tenant, DateTimeOffset at, ScreenVerdict verdict, FlaggedInput? flagged)
    {
        if (!verdicts.Add(tenant, at, verdict, flagged))
        {
            telemetry.Lost(1);
        }

        if (verdict == ScreenVerdict.Blocked && flagged is { Severity: >= ScreenSeverity.Medium } && conduct.MayTell(new ConductSubject(tenant, flagged.User), IncidentKinds.HighThreat))
        {
            incidents.Note(new IncidentReport(
                tenant, IncidentKinds.HighThreat, flagged.User, flagged.Severity, $"An input for {flagged.Agent} was refused: {string.Join(", ", flagged.Signals)}.", flagged.RequestId,
                new Dictionary<string, double>(StringComparer.Ordinal) { ["threat_score"] = flagged.ThreatScore }));
        }
    }

    /// <summary>Names of what the signals say, as they stand beside the rules a text meets.</summary>
    public static IEnumerable<string> Names(ThreatSignals signals)
    {
        if (signals.Behaviour >= Suspicious)
        {
            yield return "behaviour";
        }

        if (signals.Anomaly >= Suspicious)
        {
            yield return "anomaly";
        }

        if (signals.Intelligence >= Suspicious)
        {
            yield return "intelligence";
        }
    }

    private static ConductOutcome Outcome(int status) => status switch
    {
        400 or 413 or 415 or 422 => ConductOutcome.Wrong,
        401 or 403 => ConductOutcome.Denied,
        404 => ConductOutcome.Missing,
        429 => ConductOutcome.Limited,
        _ => ConductOutcome.Served,
    };

    // What is counted may be a credential: of its hash one bit is kept.
    private static ulong Hash(string text) => BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text))) | 1UL << 63;

    private void Take(ConductSubject subject, in ConductEvent happened, bool shared = false)
    {
        foreach (var alarm in conduct.Take(subject, happened, shared))
        {
            incidents.Note(ConductReports.Of(alarm));
        }
    }
}
