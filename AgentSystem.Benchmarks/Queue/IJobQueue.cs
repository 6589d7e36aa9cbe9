namespace AgentSystem.Benchmarks.Queue;

/// <summary>One of the queues that are compared. A job does nothing and is durable from its acknowledgement on.</summary>
internal interface IJobQueue : IAsyncDisposable
{
    /// <summary>Who it is, in the report.</summary>
    string Name { get; }

    /// <summary>The table that jobs are claimed from.</summary>
    string HotTable { get; }

    /// <summary>Submits jobs, each by a call of its own, from a number of callers at once; gives the seconds until the last was acknowledged.</summary>
    Task<double> SubmitAsync(int jobs, int callers, CancellationToken cancellation);

    /// <summary>Runs all jobs that wait, so many at once; gives the seconds until the end of the last was recorded.</summary>
    Task<double> WorkAsync(int jobs, int concurrency, CancellationToken cancellation);
}
