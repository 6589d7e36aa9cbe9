using System.Diagnostics.CodeAnalysis;
using AgentSystem.Contracts.Models;
using AgentSystem.Runtime.Agents;
using AgentSystem.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSystem.Tests.Api.Budgets;

/// <summary>The scripted model under four names and prices: a call of <c>dear</c> costs cents, one of <c>cheap</c> a hundredth of that, <c>free</c> has no price; and vectors that cost as much as <c>dear</c>.</summary>
internal sealed class PricedModels(ScriptedModel model) : IModelDirectory
{
    private readonly Dictionary<string, ModelEntry> chat = new[]
    {
        new ModelView("small", "scripted", "scripted", 4096, 1m, 2m),
        new ModelView("dear", "scripted", "scripted", 4096, 1_000m, 2_000m, Fallbacks: ["cheap"]),
        new ModelView("cheap", "scripted", "scripted", 4096, 10m, 20m),
        new ModelView("free", "scripted", "scripted", 4096, 0, 0, PriceSource: "none"),
    }.ToDictionary(static view => view.Name, view => new ModelEntry(view, model));

    private readonly EmbedderEntry embed = new(new ModelView("embed", "scripted", "scripted", null, 1_000m, 0, ModelKind.Embedding), new CountingGenerator(), 2, false);

    public IReadOnlyList<ModelView> Models => [.. chat.Values.Select(static entry => entry.View), embed.View];

    public bool TryGet(string name, [NotNullWhen(true)] out ModelEntry? model) => chat.TryGetValue(name, out model);

    public bool TryGetEmbedder(string name, [NotNullWhen(true)] out EmbedderEntry? model)
    {
        model = name == embed.View.Name ? embed : null;
        return model is not null;
    }

    private sealed class CountingGenerator : IEmbeddingGenerator<string, Embedding<float>>
    {
        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(static _ => new Embedding<float>(new float[] { 1, 2 }))) { Usage = new UsageDetails { InputTokenCount = 5 } });

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}

/// <summary>The real API over those models.</summary>
public sealed class BudgetFixture(TestPostgres postgres) : ApiFixture(postgres)
{
    protected override void Configure(WebApplicationBuilder builder) => builder.Services.AddSingleton<IModelDirectory>(new PricedModels(Model));
}
