using AgentSystem.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AgentSystem.Tests.Api.Http;

/// <summary>The API under a clock that a test moves. It executes no runs, so what is queued stays queued.</summary>
public sealed class ClockedApi(TestPostgres postgres) : ApiFixture(postgres)
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    public FakeTimeProvider Clock { get; } = new(TimeProvider.System.GetUtcNow());

    /// <summary>Moves the clock, step by step, until something has happened; how far, at most by <paramref name="most"/>. What was set in motion by then may take its time.</summary>
    public async Task<TimeSpan> UntilAsync(Task happened, TimeSpan most)
    {
        var moved = TimeSpan.Zero;
        for (; moved < most && !happened.IsCompleted; moved += Step)
        {
            Clock.Advance(Step);
            // The work that a step sets in motion is done by other threads and a database, which keep their own time.
            await Task.WhenAny(happened, Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System));
        }

        await happened.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        return moved;
    }

    protected override void Configure(WebApplicationBuilder builder)
    {
        base.Configure(builder);
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Runs:Concurrency"] = "0" });
    }
}
