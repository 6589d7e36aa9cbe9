using AgentSystem.ServiceDefaults.Inference.OnnxGenAI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentSystem.ServiceDefaults.Inference;

/// <summary>The engine on the graphics processor, beside the others.</summary>
public static partial class InferenceHostExtensions
{
    static partial void AddGpu(IServiceCollection services) =>
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IModelProvider, OnnxGenAIModelProvider>());
}
