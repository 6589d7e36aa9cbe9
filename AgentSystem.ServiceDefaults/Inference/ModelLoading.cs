using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentSystem.ServiceDefaults.Inference;

/// <summary>Reads the local models into memory in the background, so that the first request does not pay for it. A failure keeps the host unready, not down.</summary>
public sealed partial class ModelLoading(ModelRegistry registry, TimeProvider time, ILogger<ModelLoading> logger, LocalModels? local = null) : BackgroundService
{
    private readonly ConcurrentDictionary<string, string> _failed = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, bool> _loaded = new(StringComparer.OrdinalIgnoreCase);
    private volatile bool _finished;

    /// <summary>True once every model was tried.</summary>
    public bool IsFinished => _finished;

    /// <summary>Models that could not be loaded, with the reason.</summary>
    public IReadOnlyDictionary<string, string> Failed => _failed;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Loading is blocking work: leave the start-up path before it begins.
        await Task.Yield();
        foreach (var model in registry.Models)
        {
            if (Loadable(model.Name) is { } loadable)
            {
                await LoadAsync(model.Name, loadable, stoppingToken).ConfigureAwait(false);
            }
        }

        _finished = true;
    }

    /// <summary>Where a model's loading stands: <c>ready</c>, <c>loading</c>, <c>failed</c>; null for a model that needs none.</summary>
    public string? StateOf(string name) =>
        Loadable(name) is null ? null : _failed.ContainsKey(name) ? "failed" : _loaded.ContainsKey(name) ? "ready" : "loading";

    /// <summary>Loads a model now, again if it failed before; false where there is nothing to load. A failure is told by <see cref="Failed"/>.</summary>
    public async Task<bool> TryLoadAsync(string name, CancellationToken cancellation)
    {
        if (Loadable(name) is not { } loadable)
        {
            return false;
        }

        await LoadAsync(name, loadable, cancellation).ConfigureAwait(false);
        return true;
    }

    private ILoadableModel? Loadable(string name) => local is { Elsewhere: true } ? null : registry.Loadable(name);

    private async Task LoadAsync(string name, ILoadableModel model, CancellationToken stoppingToken)
    {
        var start = time.GetTimestamp();
        try
        {
            await model.LoadAsync(stoppingToken).ConfigureAwait(false);
            _loaded[name] = true;
            _failed.TryRemove(name, out _);
            LogLoaded(name, time.GetElapsedTime(start).TotalMilliseconds);
        }
        catch (Exception error) when (!stoppingToken.IsCancellationRequested)
        {
            _loaded.TryRemove(name, out _);
            _failed[name] = error.Message;
            LogFailed(error, name);
        }
    }

    [LoggerMessage(LogLevel.Information, "Model {Model} is loaded ({Milliseconds:F0} ms).")]
    private partial void LogLoaded(string model, double milliseconds);

    [LoggerMessage(LogLevel.Error, "Model {Model} could not be loaded; requests for it will fail until the cause is mended and it is loaded again (POST /api/v1/models/{Model}/load).")]
    private partial void LogFailed(Exception error, string model);
}

/// <summary>Where the models run that run in a process of ours.</summary>
/// <param name="Elsewhere">True: in one that serves the role <c>inference</c>, and not here.</param>
public sealed record LocalModels(bool Elsewhere);
