using System.Data.Common;
using System.Globalization;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.State;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Security.Audit;

/// <summary>The audit log over one chain of this process: what comes at the same time shares one commit, and notes go along.</summary>
internal sealed partial class ChainedAuditLog : IAuditLog
{
    private const int MostEntries = 256, MostAtOnce = 4_096;

    private readonly AuditChain chain;
    private readonly AuditTelemetry telemetry;
    private readonly TimeProvider time;
    private readonly TimeSpan patience;
    private readonly ILogger<ChainedAuditLog> log;
    private readonly AuditNotes notes;
    private readonly GroupCommit<Pending, bool> commits;

    public ChainedAuditLog(AuditChain chain, AuditTelemetry telemetry, IOptions<AuditOptions> options, TimeProvider time, ILogger<ChainedAuditLog> log)
    {
        (this.chain, this.telemetry, this.time, this.log) = (chain, telemetry, time, log);
        patience = options.Value.WriteWithin;
        notes = new AuditNotes(options.Value.MaxWaiting);
        commits = new GroupCommit<Pending, bool>(KeepAsync, new GroupSettings(MostEntries, long.MaxValue, MostAtOnce, TimeSpan.Zero), time);
    }

    /// <summary>Raised when something waits to be written later.</summary>
    public event Action? Noted;

    /// <summary>Raised with the number of entries that were kept now.</summary>
    public event Action<int>? Kept;

    /// <summary>True while something waits to be written later.</summary>
    public bool HasNotes => notes.Any;

    public async Task<bool> WriteAsync(AuditEvent audited, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(audited);
        using var late = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            if (commits.Add(new Pending(audited, time.GetUtcNow()), 1, either.Token) is { } kept)
            {
                return await kept;
            }

            LogRefused(audited.Action, null);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            LogRefused(audited.Action, null);
        }
        catch (Exception away) when (away is DbException or TimeoutException or IOException)
        {
            LogRefused(audited.Action, away);
        }

        telemetry.Refused();
        return false;
    }

    public void Note(AuditEvent audited)
    {
        ArgumentNullException.ThrowIfNull(audited);
        if (!notes.Add(audited, time.GetUtcNow()))
        {
            telemetry.Lost();
        }

        Noted?.Invoke();
    }

    /// <summary>Writes what was noted so far.</summary>
    /// <exception cref="DbException">It could not be written; it waits again.</exception>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        while (notes.Any)
        {
            if (commits.Add(new Pending(null, default), 1, cancellation) is not { } kept)
            {
                return;
            }

            await kept;
        }
    }

    /// <summary>Writes what was noted, and that the process ends.</summary>
    public async Task EndAsync(CancellationToken cancellation)
    {
        await FlushAsync(cancellation);
        await chain.EndAsync(cancellation);
    }

    private async Task<IReadOnlyList<bool>> KeepAsync(IReadOnlyList<Pending> batch)
    {
        var (noted, lost) = notes.Take(MostEntries);
        try
        {
            List<(AuditEvent Event, DateTimeOffset At)> events = [.. batch.Where(static item => item.Event is not null).Select(static item => (item.Event!, item.At)).Concat(noted).OrderBy(static each => each.At)];
            if (lost > 0)
            {
                var count = new Dictionary<string, string> { ["count"] = lost.ToString(CultureInfo.InvariantCulture) };
                events.Add((new AuditEvent(Tenants.Default, "system", "audit.lose", "", AuditDecision.Failed, null, count), time.GetUtcNow()));
            }

            var before = chain.Count;
            await chain.AppendAsync(events, CancellationToken.None);
            telemetry.Written((int)(chain.Count - before));
            Kept?.Invoke((int)(chain.Count - before));
            return [.. batch.Select(static _ => true)];
        }
        catch
        {
            notes.Return(noted, lost);
            throw;
        }
    }

    [LoggerMessage(LogLevel.Error, "The audit entry of {Action} could not be kept in time; what must not go unrecorded is refused until it can be")]
    private partial void LogRefused(string action, Exception? exception);

    private sealed record Pending(AuditEvent? Event, DateTimeOffset At);
}
