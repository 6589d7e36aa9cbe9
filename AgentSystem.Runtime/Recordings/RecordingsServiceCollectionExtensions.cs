using AgentSystem.Runtime.Recordings.Postgres;
using AgentSystem.Runtime.Security.Sealing;
using AgentSystem.Runtime.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Recordings;

/// <summary>The way into recordings.</summary>
public static class RecordingsServiceCollectionExtensions
{
    /// <summary>Adds <see cref="Recorder"/> and <see cref="RecordingReader"/> on Postgres, and the services that write and listen.</summary>
    public static IServiceCollection AddRecordings(this IServiceCollection services)
    {
        services.AddState();
        services.AddSealing();
        services.AddSealedColumn(RecordingBlocks.Column);
        services.AddOptions<RecordingsOptions>().BindConfiguration("Recordings").ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<RecordingSignals>();
        services.TryAddSingleton<IRecordingStore, PostgresRecordingStore>();
        services.TryAddSingleton<Recorder>();
        services.TryAddSingleton(static provider => new RecordingReader(
            provider.GetRequiredService<IRecordingStore>(), provider.GetRequiredService<RecordingSignals>(),
            provider.GetRequiredService<IOptions<RecordingsOptions>>(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RecordingFlusher>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RecordingListener>());
        return services;
    }
}
