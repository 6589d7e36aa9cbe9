using AgentSystem.ServiceDefaults.Inference.Azure;
using AgentSystem.ServiceDefaults.Inference.Hashed;
using AgentSystem.ServiceDefaults.Inference.Ollama;
using AgentSystem.ServiceDefaults.Inference.Onnx;
using AgentSystem.ServiceDefaults.Inference.OpenAI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentSystem.ServiceDefaults.Inference;

/// <summary>The door of the models.</summary>
public static partial class InferenceHostExtensions
{
    /// <summary>
    /// Registers <see cref="ModelRegistry"/> from the configuration section <c>Models:&lt;name&gt;</c>, the background loading of local models and
    /// the readiness check <c>models</c> (tag <c>ready</c>). Without a configured model that answers conversations, the shipped one is offered as <c>small</c>;
    /// without one that makes vectors, hashed ones are offered as <c>embed</c>.
    /// </summary>
    /// <exception cref="OptionsValidationException">At start or at the registry's first use: every mistake in the section, in one message.</exception>
    public static IHostApplicationBuilder AddInference(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        if (services.Any(service => service.ServiceType == typeof(ModelRegistry)))
        {
            return builder;
        }

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IModelProvider, OnnxModelProvider>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IModelProvider, OpenAIModelProvider>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IModelProvider, AzureModelProvider>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IModelProvider, OllamaModelProvider>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IModelProvider, HashedModelProvider>());
        AddGpu(services);
        services.AddSingleton<IConfigureOptions<InferenceOptions>>(_ => new InferenceOptionsReader(builder.Configuration.GetSection(InferenceOptions.Section)));
        services.AddSingleton<IValidateOptions<InferenceOptions>, InferenceOptionsValidator>();
        services.AddOptions<InferenceOptions>().ValidateOnStart();
        services.AddOptions<PriceOptions>().Bind(builder.Configuration.GetSection(PriceOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<PriceOptions>, PriceOptionsValidator>();
        services.AddSingleton(provider => new ModelRegistry(
            provider.GetRequiredService<IOptions<InferenceOptions>>().Value,
            provider.GetServices<IModelProvider>(),
            PriceList.Read(provider.GetRequiredService<IOptions<PriceOptions>>().Value.File).List,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<ModelLoading>();
        services.AddHostedService(provider => provider.GetRequiredService<ModelLoading>());
        services.AddHealthChecks().AddCheck<ModelReadinessCheck>("models", tags: ["ready"]);
        return builder;
    }

    // Written in GpuInferenceHostExtensions.cs, which is part of builds with -p:Gpu=true only.
    static partial void AddGpu(IServiceCollection services);
}
