using System.Threading.Channels;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Threats.Containment;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Threats.Incidents;

/// <summary>Opens incidents and follows the policy about them.</summary>
internal sealed class IncidentDesk(IIncidentStore store, ContainmentDesk containments, ThreatTelemetry telemetry, IOptions<ThreatsOptions> options, TimeProvider time) : IIncidents, IIncidentResponse
{
    private const int MostWaiting = 1_000;

    // A single refused input may be a mistake, and failing or a busy hour harm nobody but whoever fails and pays: those are for a person to judge.
    private static readonly string[] CallForAction = [IncidentKinds.RepeatedBlocks, IncidentKinds.Scanning, IncidentKinds.CostJump, IncidentKinds.CanarySeen];

    private readonly Channel<IncidentReport> waiting = Channel.CreateBounded<IncidentReport>(MostWaiting);

    /// <summary>Reports handed over and not kept yet.</summary>
    public ChannelReader<IncidentReport> Waiting => waiting.Reader;

    public void Note(IncidentReport report)
    {
        if (!waiting.Writer.TryWrite(report))
        {
            telemetry.Lost(1);
        }
    }

    public async Task<IncidentView> ReportAsync(IncidentReport report, CancellationToken cancellation)
    {
        var (incident, isNew) = await store.ReportAsync(report, time.GetUtcNow(), cancellation).ConfigureAwait(false);
        if (isNew)
        {
            telemetry.Opened(report.Kind);
        }

        // Also to an older one: what was contained for a quarter of an hour and goes on is contained again.
        return Calls(report) && await PlaceAsync(incident, Automatic(), options.Value.AutomaticFor, "The policy contains it by itself: " + incident.Summary, ActingFor.System(report.Tenant), cancellation).ConfigureAwait(false)
            is { Value: { } contained }
            ? contained
            : incident;
    }

    public async Task<Decided<IncidentView>> ContainAsync(IncidentView incident, ContainmentKind kind, TimeSpan? span, ActingFor actor, CancellationToken cancellation) =>
        await PlaceAsync(incident, kind, span, "Incident: " + incident.Summary, actor, cancellation).ConfigureAwait(false);

    public async Task<Decided<IncidentView>> ResolveAsync(IncidentView incident, string? note, bool lift, ActingFor actor, CancellationToken cancellation)
    {
        if (!await containments.WriteAsync(actor, "incident.resolve", "incident:" + incident.Id, null, cancellation).ConfigureAwait(false))
        {
            return Decided<IncidentView>.Unaudited;
        }

        foreach (var id in lift ? incident.Containments : [])
        {
            if (!(await containments.LiftAsync(id, actor, cancellation).ConfigureAwait(false)).IsAudited)
            {
                return Decided<IncidentView>.Unaudited;
            }
        }

        return new Decided<IncidentView>(await store.ResolveAsync(actor.Tenant, incident.Id, actor.Name, note, time.GetUtcNow(), cancellation).ConfigureAwait(false), IsAudited: true);
    }

    private bool Calls(IncidentReport report) =>
        options.Value.Automatic != AutomaticContainment.Off && CallForAction.Contains(report.Kind)
        && (report.Subject.StartsWith("key:", StringComparison.Ordinal) || report.Subject.StartsWith("user:", StringComparison.Ordinal));

    private ContainmentKind Automatic() => options.Value.Automatic == AutomaticContainment.Quarantine ? ContainmentKind.Quarantine : ContainmentKind.Throttle;

    private async Task<Decided<IncidentView>> PlaceAsync(IncidentView incident, ContainmentKind kind, TimeSpan? span, string reason, ActingFor actor, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var wanted = new NewContainment(
            actor.Tenant, kind, CallerAddress.Normal(incident.Subject) ?? incident.Subject, reason, actor.Name, now, span is null ? null : now + span, kind == ContainmentKind.Throttle ? options.Value.ThrottledRequestsPerMinute : null, incident.Id);
        var placed = await containments.PlaceAsync(wanted, actor, cancellation).ConfigureAwait(false);
        return placed.Value is { } containment
            ? new Decided<IncidentView>(await store.ContainedAsync(actor.Tenant, incident.Id, containment.Id, cancellation).ConfigureAwait(false), placed.IsAudited)
            : Decided<IncidentView>.Unaudited;
    }
}
