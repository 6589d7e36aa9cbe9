using AgentSystem.ServiceDefaults.Inference;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Xunit;

namespace AgentSystem.Tests.ServiceDefaults.Inference;

public sealed class InferenceOptionsTests
{
    [Fact]
    public void Start_ManyMistakes_ReportsThemAllWithTheirCures()
    {
        using var host = Build(new()
        {
            ["Models:a:Provider"] = "azure",
            ["Models:a:Endpoint"] = "https://resource.example",
            ["Models:a:Model"] = "deployed",
            ["Models:f:Provider"] = "openai",
            ["Models:f:Endpoint"] = "http://localhost/v1",
            ["Models:f:Model"] = "m",
            ["Models:f:Fallbacks"] = "nobody, f, g, v",
            ["Models:f:Concurrency"] = "0",
            ["Models:g:Provider"] = "ollama",
            ["Models:g:Model"] = "m",
            ["Models:g:Fallbacks"] = "f",
            ["Models:g:Kind"] = "image",
            ["Models:v:Provider"] = "hashed",
            ["Models:v:Kind"] = "embedding",
            ["Models:v:Fallbacks"] = "f",
            ["Models:w:Provider"] = "hashed",
            ["Models:x:Provider"] = "hashed",
            ["Models:x:Kind"] = "embedding",
            ["Models:x:Truncates"] = "perhaps",
            ["Models:b:Provider"] = "onyx",
            ["Models:c:Provider"] = "onnx",
            ["Models:c:Path"] = "/no/such/folder",
            ["Models:c:Slots"] = "0",
            ["Models:d:Provider"] = "openai",
            ["Models:d:Endpoint"] = "localhost:11434",
            ["Models:d:InputUsdPerMillion"] = "-1",
            ["Models:d:OutputUsdPerMillion"] = "cheap",
            ["Models:d:TimeoutSeconds"] = "0",
            ["Models:d:ContextTokens"] = "-5",
            ["Models:d:Modle"] = "gpt",
            ["Models:e:Provider"] = "openai",
            ["Models:e:Model"] = "gpt",
        });
        var error = Assert.Throws<OptionsValidationException>(() => host.Services.GetRequiredService<ModelRegistry>());
        string[] expected =
        [
            "Models:a:ApiKey: missing. Give one of the two keys of the resource.",
            "Models:b:Provider: 'onyx' is unknown. Known are azure, hashed, ollama, onnx, openai.",
            "Models:f:Fallbacks: 'nobody' is no configured model. Configured are a, b, c, d, e, f, g, small, v, w, x.",
            "Models:f:Fallbacks: 'f' is the model itself",
            "Models:f:Fallbacks: 'v' makes vectors and cannot answer",
            "Models:f:Fallbacks: f -> g -> f is a circle",
            "Models:f:Concurrency: 0 lets no call through",
            "Models:g:Kind: 'image' is unknown. Known are chat, embedding.",
            "Models:v:Fallbacks: vectors of different models cannot be compared",
            "Models:w:Kind: the provider 'hashed' has no models of kind 'chat', only embedding",
            "Models:x:Truncates: 'perhaps' is not true or false.",
            "Models:c:Path: there is no folder '/no/such/folder'.",
            "Models:c:Slots: 0 is out of range; give 1 to 256.",
            "Models:d:Endpoint: 'localhost:11434' is not an absolute http or https address",
            "Models:d:InputUsdPerMillion: -1 is negative",
            "Models:d:OutputUsdPerMillion: 'cheap' is not a number.",
            "Models:d:TimeoutSeconds: 0 is out of range",
            "Models:d:ContextTokens: -5 is not a length",
            "Models:d:Modle: there is no such setting.",
            "Models:d:Model: missing.",
            "Models:e:ApiKey: missing.",
        ];
        Assert.All(expected, text => Assert.Contains(text, error.Message, StringComparison.Ordinal));
        Assert.Equal(expected.Length, error.Failures.Count());
    }

    [Fact]
    public async Task Start_NothingConfigured_OffersTheShippedModelAndIsReadyOnceLoaded()
    {
        using var host = Build([]);
        var registry = host.Services.GetRequiredService<ModelRegistry>();
        Assert.Equal(("small", "onnx", "assistant-small", 1024), registry.Models is [_, var model] ? (model.Name, model.Provider, model.Model, model.ContextTokens) : default);
        Assert.Equal(("embed", "hashed", "none"), (registry.Models[0].Name, registry.Models[0].Provider, registry.Models[0].PriceSource));
        Assert.True(registry.TryGet("SMALL", out var client));
        Assert.Equal("onnx", client.GetService<ChatClientMetadata>()!.ProviderName);
        await host.StartAsync();
        await host.Services.GetRequiredService<ModelLoading>().ExecuteTask!;
        var health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Tags.Contains("ready"));
        Assert.Equal(HealthStatus.Healthy, health.Entries["models"].Status);
        Assert.NotEmpty((await client.GetResponseAsync("Hello!", new() { MaxOutputTokens = 30 })).Text);
    }

    [Fact]
    public void Start_WithAModelOfOnesOwn_KeepsTheShippedOneBesideIt()
    {
        using var host = Build(new() { ["Models:mine:Provider"] = "ollama", ["Models:mine:Model"] = "m", ["Models:mine:Fallbacks"] = "small" });
        var models = host.Services.GetRequiredService<ModelRegistry>().Models;
        Assert.Equal([("embed", "hashed"), ("mine", "ollama"), ("small", "onnx")], models.Select(static model => (model.Name, model.Provider)));
    }

    [Fact]
    public void Start_WithAModelNamedLikeTheShippedOne_PutsItInItsPlace()
    {
        using var host = Build(new() { ["Models:Small:Provider"] = "ollama", ["Models:Small:Model"] = "m" });
        var models = host.Services.GetRequiredService<ModelRegistry>().Models;
        Assert.Equal([("Small", "ollama"), ("embed", "hashed")], models.Select(static model => (model.Name, model.Provider)));
    }

    [Fact]
    public async Task Start_ModelOfAnUnknownFamily_StaysUnreadyAndSaysWhy()
    {
        var folder = Directory.CreateTempSubdirectory("model");
        foreach (var file in new[] { "genai_config.json", "tokenizer.json" })
        {
            File.Copy(Path.Combine(ShippedModel.Folder, file), Path.Combine(folder.FullName, file));
        }

        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "tokenizer_config.json"), """{"chat_template": "[INST] {{ m }} [/INST]"}""");
        using var host = Build(new() { ["Models:odd:Provider"] = "onnx", ["Models:odd:Path"] = folder.FullName });
        await host.StartAsync();
        await host.Services.GetRequiredService<ModelLoading>().ExecuteTask!;
        var health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Unhealthy, health.Entries["models"].Status);
        Assert.Contains("belongs to no known family", health.Entries["models"].Description, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    private static IHost Build(Dictionary<string, string?> settings)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.AddInference();
        builder.AddInference();
        return builder.Build();
    }
}
