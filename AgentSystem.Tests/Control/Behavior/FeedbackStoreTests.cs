using AgentSystem.Contracts.Feedback;
using AgentSystem.Control.Behavior;
using AgentSystem.Control.State.Postgres;
using AgentSystem.Runtime.State.Postgres;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AgentSystem.Tests.Control.Behavior;

public sealed class FeedbackStoreTests(TestPostgres postgres)
{
    [Fact]
    public async Task Add_ThenList_GivesItBackToItsTenantOnly()
    {
        await using var source = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        await RuntimeSchema.MigrateRuntimeAsync(source, CancellationToken.None);
        await ControlSchema.MigrateControlAsync(source, CancellationToken.None);
        await using var services = new ServiceCollection().AddSingleton(source).AddBehavior().BuildServiceProvider();
        var store = services.GetRequiredService<IFeedbackStore>();

        var kept = await store.AddAsync("default", new GiveFeedback("assistant", 4, "req_1", "good"), CancellationToken.None);

        var found = Assert.Single(await store.ListAsync("default", 10, CancellationToken.None));
        Assert.Equal((kept.Id, 4, "good"), (found.Id, found.Rating, found.Comment));
        Assert.Empty(await store.ListAsync("other", 10, CancellationToken.None));
        Assert.Null(await ControlSchema.ProblemAsync(source, CancellationToken.None));
    }
}
