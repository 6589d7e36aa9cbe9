using AgentSystem.Runtime.Runs;

namespace AgentSystem.Tests.Reliability;

/// <summary>The journal of a process that dies at its n-th write: before it reached the database, or after, with the answer lost. A dead process writes nothing more.</summary>
internal sealed class CrashingRunLog(IRunLog inner, int at, bool after) : IRunLog
{
    private int writes;

    /// <summary>Whether it came to that.</summary>
    public bool Died { get; private set; }

    public Task<IReadOnlyList<RunStep>> ReadAsync(RunLease lease, CancellationToken cancellation) => inner.ReadAsync(lease, cancellation);

    public Task<bool> StartAsync(RunLease lease, int agentVersion, int threadMessages, CancellationToken cancellation) => WriteAsync(() => inner.StartAsync(lease, agentVersion, threadMessages, cancellation));

    public Task<int?> BeginAsync(RunLease lease, StepBegin begin, CancellationToken cancellation) => WriteAsync(() => inner.BeginAsync(lease, begin, cancellation));

    public Task<bool> EndAsync(RunLease lease, StepEnd end, CancellationToken cancellation) => WriteAsync(() => inner.EndAsync(lease, end, cancellation));

    public Task<int?> AdvanceAsync(RunLease lease, StepEnd end, StepBegin next, CancellationToken cancellation) => WriteAsync(() => inner.AdvanceAsync(lease, end, next, cancellation));

    public Task<bool> DeltaAsync(RunLease lease, int index, string text, CancellationToken cancellation) => WriteAsync(() => inner.DeltaAsync(lease, index, text, cancellation));

    public Task<bool> WaitAsync(RunLease lease, StepBegin call, bool unknown, CancellationToken cancellation) => WriteAsync(() => inner.WaitAsync(lease, call, unknown, cancellation));

    public Task<bool> ReleaseAsync(RunLease lease, TimeSpan after, bool counts, CancellationToken cancellation) => WriteAsync(() => inner.ReleaseAsync(lease, after, counts, cancellation));

    public Task<bool> FinishAsync(RunLease lease, RunEnd end, CancellationToken cancellation) => WriteAsync(() => inner.FinishAsync(lease, end, cancellation));

    private async Task<T> WriteAsync<T>(Func<Task<T>> write)
    {
        if (Died || (++writes == at && !after))
        {
            Died = true;
            throw new IOException("The process is dead.");
        }

        var written = await write();
        if (writes == at)
        {
            Died = true;
            throw new IOException("The process is dead.");
        }

        return written;
    }
}
