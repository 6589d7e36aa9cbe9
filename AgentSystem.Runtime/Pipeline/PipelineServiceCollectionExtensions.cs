using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Caching;
using AgentSystem.Runtime.Perception;
using AgentSystem.Runtime.Pipeline.Phases;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Threats.Containment;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace AgentSystem.Runtime.Pipeline;

/// <summary>The only way in to the Pipeline.</summary>
public static class PipelineServiceCollectionExtensions
{
    /// <summary>Adds the pipeline, its phases and the agent loop. Security, Routing, Resilience, Threats, Tools, Threads, the stores and the models are added beside it.</summary>
    public static IServiceCollection AddPipeline(this IServiceCollection services)
    {
        services.AddOptions<CachingOptions>().BindConfiguration("Caching").ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<AnswerCache>();
        services.TryAddSingleton<AgentLoop>();
        services.TryAddSingleton<ModelProbe>();
        services.TryAddSingleton<Embedder>();
        services.TryAddSingleton<EmbeddingPipeline>();
        services.TryAddSingleton<PipelineTelemetry>();
        services.TryAddSingleton<RunRecorder>();
        services.TryAddSingleton<ThreadTurns>();
        services.TryAddSingleton<RunIntake>();
        services.TryAddSingleton<InputScreening>();
        services.TryAddSingleton<RunGuards>();
        services.TryAddSingleton<SecurityPhase>();
        services.TryAddSingleton<PerceptionPhase>();
        services.TryAddSingleton<RoutingPhase>();
        services.TryAddSingleton<CachePhase>();
        services.TryAddSingleton<ExecutionPhase>();
        services.TryAddSingleton<QualityPhase>();
        services.TryAddSingleton<StorePhase>();
        services.TryAddSingleton<PipelinePhases>();
        services.TryAddSingleton(s => new ChatPipeline(
            s.GetRequiredService<PipelinePhases>(), s.GetRequiredService<KeyLimiter>(), s.GetRequiredService<ContainmentBoard>(), s.GetRequiredService<RunRecorder>(),
            s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<ChatPipeline>>()));
        services.AddPerception();
        // Perception is a phase of the pipeline, and asks models through it: the circle is closed when the first one is asked.
        services.TryAddSingleton(static provider => new Lazy<ChatPipeline>(provider.GetRequiredService<ChatPipeline>));
        services.TryAddSingleton<IModelSenses, PipelineSenses>();
        return services;
    }
}
