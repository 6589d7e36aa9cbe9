namespace AgentSystem.Runtime.Threats.Containment;

/// <summary>An execution that containment can stop.</summary>
public sealed class ExecutionWatch : IDisposable
{
    private readonly Func<ContainmentSet, Contained?> judge;
    private readonly Action<ExecutionWatch> end;
    private readonly CancellationTokenSource stop;
    private volatile Contained? stoppedBy;

    internal ExecutionWatch(Func<ContainmentSet, Contained?> judge, Action<ExecutionWatch> end, CancellationToken cancellation)
    {
        (this.judge, this.end) = (judge, end);
        stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
    }

    /// <summary>Fires when the execution must stop.</summary>
    public CancellationToken Token => stop.Token;

    /// <summary>What stopped it; null while nothing did.</summary>
    public Contained? StoppedBy => stoppedBy;

    /// <inheritdoc/>
    public void Dispose()
    {
        end(this);
        stop.Dispose();
    }

    internal void Judge(ContainmentSet set)
    {
        if (stoppedBy is null && judge(set) is { } by)
        {
            stoppedBy = by;
            try
            {
                // On another thread: what is stopped may do its own ending there, and others wait to be stopped.
                _ = stop.CancelAsync();
            }
            catch (ObjectDisposedException)
            {
                // It ended by itself at this moment.
            }
        }
    }
}
