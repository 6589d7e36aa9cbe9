using AgentSystem.ServiceDefaults.Inference;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentSystem.Tests.ServiceDefaults.Inference;

public sealed class ProviderNamesTests
{
    [Theory]
    [InlineData("openai", "openai")]
    [InlineData("azure", "azure.ai.openai")]
    [InlineData("ollama", "ollama")]
    public void Clients_OfAProvider_BearTheConventionsName(string provider, string expected)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        foreach (var (model, kind) in new[] { ("one", "chat"), ("vectors", "embedding") })
        {
            builder.Configuration[$"Models:{model}:Provider"] = provider;
            builder.Configuration[$"Models:{model}:Kind"] = kind;
            builder.Configuration[$"Models:{model}:Endpoint"] = "http://127.0.0.1:9";
            builder.Configuration[$"Models:{model}:Model"] = "upstream";
            builder.Configuration[$"Models:{model}:ApiKey"] = "secret";
        }

        builder.AddInference();
        using var host = builder.Build();
        var registry = host.Services.GetRequiredService<ModelRegistry>();

        Assert.True(registry.TryGet("one", out var client));
        Assert.True(registry.TryGetEmbedder("vectors", out var embedder));
        var metadata = client.GetService<ChatClientMetadata>()!;
        Assert.Equal((expected, "upstream"), (metadata.ProviderName, metadata.DefaultModelId));
        Assert.Equal(expected, embedder.Generator.GetService<EmbeddingGeneratorMetadata>()!.ProviderName);
    }
}
