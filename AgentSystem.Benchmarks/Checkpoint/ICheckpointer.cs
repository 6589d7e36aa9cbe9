namespace AgentSystem.Benchmarks.Checkpoint;

/// <summary>One of the journals that are compared. A superstep is acknowledged when it would survive a power cut.</summary>
internal interface ICheckpointer : IAsyncDisposable
{
    /// <summary>Who it is, in the report.</summary>
    string Name { get; }

    /// <summary>Supersteps of so many threads for some time, each thread one after the other.</summary>
    /// <param name="name">Names the threads; each only once.</param>
    /// <param name="threads">How many at once.</param>
    /// <param name="time">How long.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<Supersteps> MeasureAsync(string name, int threads, TimeSpan time, CancellationToken cancellation);

    /// <summary>Whether a new process finds all supersteps of such a measurement, in their order, with exactly what was recorded.</summary>
    Task<bool> CheckAsync(string name, int threads, int steps, CancellationToken cancellation);
}

/// <summary>What was recorded.</summary>
/// <param name="Seconds">From the first to the end of the last.</param>
/// <param name="Milliseconds">Of each superstep.</param>
internal sealed record Supersteps(double Seconds, IReadOnlyList<double> Milliseconds);
