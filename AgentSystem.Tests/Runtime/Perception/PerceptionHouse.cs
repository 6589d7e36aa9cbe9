using AgentSystem.Runtime.Perception;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AgentSystem.Tests.Runtime.Perception;

/// <summary>Perception as a host composes it, with a clock of the test's.</summary>
internal sealed class PerceptionHouse : IDisposable
{
    private readonly ServiceProvider services;

    public PerceptionHouse(Dictionary<string, string?>? settings = null, IModelSenses? senses = null)
    {
        var collection = new ServiceCollection();
        collection.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings ?? []).Build());
        collection.AddSingleton<TimeProvider>(Time);
        if (senses is not null)
        {
            collection.AddSingleton(senses);
        }

        services = collection.AddPerception().BuildServiceProvider();
        Perceiver = services.GetRequiredService<Perceiver>();
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 28, 14, 35, 20, TimeSpan.Zero));

    public Perceiver Perceiver { get; }

    public async Task<SeenPart> SeeAsync(byte[] content, string? mediaType = null, string? modality = null, string tenant = "default", bool thumbnails = false, PerceptionAsk? ask = null) =>
        Assert.Single(await Perceiver.PerceiveAsync(new PerceptionRequest(tenant, thumbnails, ask), [new PartInput(null, modality, mediaType, content)], TestContext.Current.CancellationToken));

    public void Dispose() => services.Dispose();
}
