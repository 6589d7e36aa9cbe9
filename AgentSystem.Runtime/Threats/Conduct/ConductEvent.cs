namespace AgentSystem.Runtime.Threats.Conduct;

/// <summary>Who does something.</summary>
/// <param name="Tenant">Whose.</param>
/// <param name="Name"><c>key:ID</c>, <c>user:NAME</c> or <c>address:IP</c>.</param>
internal readonly record struct ConductSubject(string Tenant, string Name);

/// <summary>One thing a subject did.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Target">Hash of what it was about, where it failed; 0: nothing in particular.</param>
/// <param name="Usd">What it cost.</param>
/// <param name="RequestId">The request.</param>
/// <param name="IsRequest">False where it is something more about a request that is counted elsewhere.</param>
internal readonly record struct ConductEvent(ConductOutcome Outcome, ulong Target = 0, decimal Usd = 0, string? RequestId = null, bool IsRequest = true);

/// <summary>What became of a request.</summary>
internal enum ConductOutcome
{
    /// <summary>It was served, or failed by no fault of the caller's.</summary>
    Served,

    /// <summary>It was wrong (400, 413, 415, 422).</summary>
    Wrong,

    /// <summary>The caller may not, or says nothing of who they are (401, 403).</summary>
    Denied,

    /// <summary>A credential was tried that is none.</summary>
    Guessed,

    /// <summary>There is no such thing (404).</summary>
    Missing,

    /// <summary>A limit was met (429).</summary>
    Limited,

    /// <summary>Its input was refused for what it is up to.</summary>
    Blocked,
}

/// <summary>Something about a subject's conduct.</summary>
/// <param name="Kind">The incident it would be.</param>
/// <param name="Score">0 to 1; from 0.5 on it is an alarm.</param>
/// <param name="Value">What was counted.</param>
/// <param name="Threshold">From when on it is an alarm.</param>
internal readonly record struct ConductFinding(string Kind, double Score, double Value, double Threshold);
