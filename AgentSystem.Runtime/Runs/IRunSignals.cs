namespace AgentSystem.Runtime.Runs;

/// <summary>Wakes those who wait for runs, in whichever process the change was made. A notification can be lost, so nobody waits without a limit.</summary>
public interface IRunSignals
{
    /// <summary>Told the id of a run that was stopped from outside: it was cancelled, or another took its place on the thread.</summary>
    event Action<string>? Stopped;

    /// <summary>Returns when runs may be due, or after <paramref name="most"/>.</summary>
    Task WorkAsync(TimeSpan most, CancellationToken cancellation);

    /// <summary>
    /// Begins to listen for changes of one run; subscribe first, read then, so that nothing falls between the two.
    /// </summary>
    IRunWatch Watch(string runId);
}

/// <summary>A subscription to the changes of one run.</summary>
public interface IRunWatch : IDisposable
{
    /// <summary>Returns when the run has changed since the last call (or since the subscription), or after <paramref name="most"/>.</summary>
    Task ChangedAsync(TimeSpan most, CancellationToken cancellation);
}
