using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace AgentSystem.ServiceDefaults.Inference;

/// <summary>
/// The configured models and their clients, each built once: telemetry around a time-out around the provider's client. Nothing here tries again:
/// retries belong to the caller, who knows the budget.
/// </summary>
public sealed class ModelRegistry : IDisposable
{
    /// <summary>Name of the activity source and meter of every client (OpenTelemetry's GenAI conventions; no message content).</summary>
    public const string TelemetrySource = "AgentSystem.Inference";

    private readonly Dictionary<string, IChatClient> _clients = new(StringComparer.OrdinalIgnoreCase);

    internal ModelRegistry(InferenceOptions options, IEnumerable<IModelProvider> providers, TimeProvider time, ILoggerFactory loggers)
    {
        var models = new List<ConfiguredModel>();
        foreach (var (name, settings) in options.Models.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            var provider = providers.First(known => string.Equals(known.Name, settings.Provider, StringComparison.OrdinalIgnoreCase));
            var (model, client) = provider.Create(name, settings);
            models.Add(model);
            _clients.Add(name, new ChatClientBuilder(client)
                .UseOpenTelemetry(loggers, TelemetrySource, telemetry => telemetry.EnableSensitiveData = false)
                .Use(inner => new TimeLimitedChatClient(inner, name, TimeSpan.FromSeconds(settings.TimeoutSeconds), time))
                .Build());
        }

        Models = models;
    }

    /// <summary>All models, by name.</summary>
    public IReadOnlyList<ConfiguredModel> Models { get; }

    /// <summary>Finds a model's client by its configured name, without regard to case. The registry owns the client: do not dispose it.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out IChatClient? client) => _clients.TryGetValue(name, out client);

    /// <summary>Ends the clients; a local model finishes nothing that is still under way.</summary>
    public void Dispose()
    {
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }
    }
}
