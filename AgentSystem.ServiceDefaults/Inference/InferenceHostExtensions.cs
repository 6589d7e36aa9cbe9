using AgentSystem.Contracts.Models;
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
    /// Registers <see cref="ModelRegistry"/>, also as <see cref="IModelSource"/>, from the configuration section <c>Models:&lt;name&gt;</c>, the background loading of local models and
    /// the readiness check <c>models</c> (tag <c>ready</c>). The shipped model is offered as <c>small</c> beside the configured ones, unless one of them has that name;
    /// without one that makes vectors, hashed ones are offered as <c>embed</c>.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="elsewhere">True where the local models run in another process: they are described here and not loaded.</param>
    /// <exception cref="OptionsValidationException">At start or at the registry's first use: every mistake in the section, in one message.</exception>
    public static IHostApplicationBuilder AddInference(this IHostApplicationBuilder builder, bool elsewhere = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        if (services.Any(service => service.ServiceType == typeof(ModelRegistry)))
        {
            return builder;
        }

        AddSettings(services, builder.Configuration);
        services.AddSingleton(provider => new ModelRegistry(
            provider.GetRequiredService<IOptions<InferenceOptions>>().Value,
            provider.GetServices<IModelProvider>(),
            PriceList.Read(provider.GetRequiredService<IOptions<PriceOptions>>().Value.File).List,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<IModelSource>(static provider => provider.GetRequiredService<ModelRegistry>());
        services.AddSingleton(new LocalModels(elsewhere));
        services.AddSingleton<ModelLoading>();
        services.AddHostedService(provider => provider.GetRequiredService<ModelLoading>());
        services.AddHealthChecks().AddCheck<ModelReadinessCheck>("models", tags: ["ready"]);
        return builder;
    }

    /// <summary>What is wrong with the sections <c>Models</c> and <c>Prices</c>, one line each with its cure; no model is loaded.</summary>
    public static IReadOnlyList<string> CheckInference(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var services = new ServiceCollection().AddLogging();
        AddSettings(services, configuration);
        using var provider = services.BuildServiceProvider();
        return [.. Mistakes<InferenceOptions>(provider), .. Mistakes<PriceOptions>(provider)];
    }

    private static IEnumerable<string> Mistakes<T>(ServiceProvider provider)
        where T : class
    {
        try
        {
            _ = provider.GetRequiredService<IOptions<T>>().Value;
            return [];
        }
        catch (OptionsValidationException wrong)
        {
            return wrong.Failures;
        }
    }

    private static void AddSettings(IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IModelProvider, OnnxModelProvider>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IModelProvider, OpenAIModelProvider>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IModelProvider, AzureModelProvider>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IModelProvider, OllamaModelProvider>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IModelProvider, HashedModelProvider>());
        AddGpu(services);
        services.AddSingleton<IConfigureOptions<InferenceOptions>>(_ => new InferenceOptionsReader(configuration.GetSection(InferenceOptions.Section)));
        services.AddSingleton<IValidateOptions<InferenceOptions>, InferenceOptionsValidator>();
        services.AddOptions<InferenceOptions>().ValidateOnStart();
        services.AddOptions<PriceOptions>().Bind(configuration.GetSection(PriceOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<PriceOptions>, PriceOptionsValidator>();
    }

    // Written in GpuInferenceHostExtensions.cs, which is part of builds with -p:Gpu=true only.
    static partial void AddGpu(IServiceCollection services);
}
