using System.Data.Common;
using AgentSystem.Runtime.Threats.Conduct;
using AgentSystem.Runtime.Threats.Containment;
using AgentSystem.Runtime.Threats.Intelligence;
using AgentSystem.Runtime.Threats.Verdicts;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentSystem.Runtime.Threats;

/// <summary>
/// Every two seconds: reads what is contained and which lists have changed, and writes verdicts; each minute profiles. A database that is away is asked again at the next tick,
/// and what was read last counts until then.
/// </summary>
internal sealed partial class ThreatKeeper(
    ContainmentDesk containments, IntelligenceBoard board, IIntelligenceStore intelligence, ConductWatch conduct, IProfileStore profiles, VerdictBook verdicts, TimeProvider time, ILogger<ThreatKeeper> log)
    : BackgroundService
{
    /// <summary>How often the rows are read; with what stopping takes, well within the promised five seconds.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    private const int TicksOfProfiles = 30, MostProfiles = 500;

    private int ticks;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Before the first request is served: a process that starts while something is contained must not let it through.
        await TryAsync("containments", containments.RefreshAsync, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryAsync("verdicts", verdicts.WriteAsync, cancellationToken);
        await TryAsync("profiles", WriteProfilesAsync, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var tick = new PeriodicTimer(Every, time);
        try
        {
            while (await tick.WaitForNextTickAsync(stoppingToken))
            {
                await TryAsync("containments", containments.RefreshAsync, stoppingToken);
                await TryAsync("intelligence", cancellation => board.RefreshAsync(intelligence, cancellation), stoppingToken);
                await TryAsync("verdicts", verdicts.WriteAsync, stoppingToken);
                await TryAsync("profiles", ReadProfilesAsync, stoppingToken);
                if (++ticks % TicksOfProfiles == 0)
                {
                    await TryAsync("profiles", WriteProfilesAsync, stoppingToken);
                    await TryAsync("old verdicts", verdicts.CleanAsync, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process ends.
        }
    }

    private async Task ReadProfilesAsync(CancellationToken cancellation)
    {
        if (conduct.Unread(MostProfiles) is { Count: > 0 } unread)
        {
            foreach (var (subject, profile) in await profiles.ReadAsync(unread, cancellation))
            {
                conduct.Remember(subject, profile);
            }
        }
    }

    private async Task WriteProfilesAsync(CancellationToken cancellation)
    {
        if (conduct.Learned(MostProfiles) is { Count: > 0 } learned)
        {
            await profiles.WriteAsync(learned, time.GetUtcNow(), cancellation);
        }
    }

    private async Task TryAsync(string what, Func<CancellationToken, Task> work, CancellationToken cancellation)
    {
        try
        {
            await work(cancellation);
        }
        catch (Exception away) when (away is DbException or TimeoutException or IOException)
        {
            LogAway(away, what);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The database does not answer about {What}; what was known before counts until it does")]
    private partial void LogAway(Exception exception, string what);
}
