using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Threats.Verdicts;

/// <summary>Brings what has gathered into the log, and takes out what is old.</summary>
internal sealed class VerdictBook(VerdictQueue queue, IVerdictLog log, ThreatTelemetry telemetry, IOptions<ThreatsOptions> options, TimeProvider time)
{
    private const int Batch = 500;

    /// <summary>Writes what has gathered; what cannot be written now stays for the next time.</summary>
    public async Task WriteAsync(CancellationToken cancellation)
    {
        if (queue.Take() is not { } batch)
        {
            return;
        }

        try
        {
            await log.WriteAsync(batch, cancellation).ConfigureAwait(false);
        }
        catch
        {
            telemetry.Lost(queue.Return(batch));
            throw;
        }
    }

    /// <summary>Deletes what is older than it is kept, a batch at a time.</summary>
    public async Task CleanAsync(CancellationToken cancellation)
    {
        while (await log.CleanAsync(time.GetUtcNow() - options.Value.KeepVerdicts, Batch, cancellation).ConfigureAwait(false) == Batch)
        {
            // No transaction is long.
        }
    }
}
