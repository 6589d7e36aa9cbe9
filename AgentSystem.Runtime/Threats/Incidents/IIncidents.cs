using AgentSystem.Contracts.Security;

namespace AgentSystem.Runtime.Threats.Incidents;

/// <summary>Where whoever sees something that a person must know of reports it.</summary>
public interface IIncidents
{
    /// <summary>
    /// Reports something: a new incident, or one more report to the one of that kind about that subject that is not resolved. What the policy contains by itself is contained before this returns.
    /// A failing database is the caller's to see, as an exception.
    /// </summary>
    Task<IncidentView> ReportAsync(IncidentReport report, CancellationToken cancellation);

    /// <summary>Hands a report over to be kept in a moment; never waits. What does not fit is counted in the metric <c>incident_reports_lost</c>.</summary>
    void Note(IncidentReport report);
}

/// <summary>Something to report.</summary>
/// <param name="Tenant">Whose.</param>
/// <param name="Kind">One of <see cref="IncidentKinds"/>.</param>
/// <param name="Subject"><c>key:ID</c>, <c>user:NAME</c>, <c>agent:NAME</c> or <c>address:IP</c>.</param>
/// <param name="Severity">How bad it is; an incident keeps the worst of its reports.</param>
/// <param name="Summary">What was seen, in one sentence: names of rules and figures, never a text of a caller.</param>
/// <param name="RequestId">The request it was seen in.</param>
/// <param name="Figures">Counters behind it.</param>
public sealed record IncidentReport(
    string Tenant, string Kind, string Subject, ScreenSeverity Severity, string Summary, string? RequestId = null, IReadOnlyDictionary<string, double>? Figures = null);
