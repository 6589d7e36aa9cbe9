using System.Collections.Concurrent;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentSystem.ServiceDefaults.Inference;

/// <summary>Reads the local models into memory in the background, so that the first request does not pay for it. A failure keeps the host unready, not down.</summary>
internal sealed partial class ModelLoading(ModelRegistry registry, TimeProvider time, ILogger<ModelLoading> logger) : BackgroundService
{
    private readonly ConcurrentDictionary<string, string> _failed = new(StringComparer.OrdinalIgnoreCase);
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
            if (registry.TryGet(model.Name, out var client) && client.GetService<ILoadableModel>() is { } loadable)
            {
                await LoadAsync(model.Name, loadable, stoppingToken).ConfigureAwait(false);
            }
        }

        _finished = true;
    }

    private async Task LoadAsync(string name, ILoadableModel model, CancellationToken stoppingToken)
    {
        var start = time.GetTimestamp();
        try
        {
            await model.LoadAsync(stoppingToken).ConfigureAwait(false);
            LogLoaded(name, time.GetElapsedTime(start).TotalMilliseconds);
        }
        catch (Exception error) when (!stoppingToken.IsCancellationRequested)
        {
            _failed[name] = error.Message;
            LogFailed(error, name);
        }
    }

    [LoggerMessage(LogLevel.Information, "Model {Model} is loaded ({Milliseconds:F0} ms).")]
    private partial void LogLoaded(string model, double milliseconds);

    [LoggerMessage(LogLevel.Error, "Model {Model} could not be loaded; requests for it will fail until the cause is mended and the host restarted.")]
    private partial void LogFailed(Exception error, string model);
}
