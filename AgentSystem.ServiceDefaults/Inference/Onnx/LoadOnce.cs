namespace AgentSystem.ServiceDefaults.Inference.Onnx;

/// <summary>A model read into memory by whoever comes first, on a thread of the pool. A failure stays until somebody asks to try again: requests must not reread a broken folder each time.</summary>
/// <param name="load">Reads the model; it is owned here.</param>
internal sealed class LoadOnce<T>(Func<T> load) : IDisposable where T : class, IDisposable
{
    private readonly Lock _gate = new();
    private Task<T>? _loading;

    /// <summary>The model, once it is loaded.</summary>
    /// <param name="retry">Begin again if the last try failed.</param>
    public Task<T> GetAsync(bool retry, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_loading is null || (retry && _loading.IsFaulted))
            {
                _loading = Task.Run(load, CancellationToken.None);
            }

            return _loading.WaitAsync(cancellation);
        }
    }

    public void Dispose()
    {
        if (_loading is { IsCompletedSuccessfully: true } loaded)
        {
            loaded.Result.Dispose();
        }
    }
}
