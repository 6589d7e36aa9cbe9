using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentSystem.Runtime.Threats.Incidents;

/// <summary>Keeps the reports that were handed over, one after the other. While the database is away it waits with the first of them; those that do not fit meanwhile are counted.</summary>
internal sealed partial class IncidentWriter(IncidentDesk desk, TimeProvider time, ILogger<IncidentWriter> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var report in desk.Waiting.ReadAllAsync(stoppingToken))
            {
                await KeepAsync(report, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process ends.
        }
    }

    private async Task KeepAsync(IncidentReport report, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                var incident = await desk.ReportAsync(report, stopping);
                LogReported(incident.Id, report.Kind, report.Severity);
                return;
            }
            catch (Exception away) when (away is DbException or TimeoutException or IOException)
            {
                LogAway(away);
                await Task.Delay(Pause, time, stopping);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Incident {IncidentId}: {Kind}, {Severity}")]
    private partial void LogReported(string incidentId, string kind, Contracts.Security.ScreenSeverity severity);

    [LoggerMessage(LogLevel.Warning, "An incident could not be kept; trying again")]
    private partial void LogAway(Exception exception);
}
