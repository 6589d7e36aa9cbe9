using System.Net;
using AgentSystem.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AgentSystem.Tests.Api.Identity;

/// <summary>Whoever sends wrong keys is sent away before anything is looked up; others behind the same address go on.</summary>
public sealed class FailingAddressTests(StrictApi api) : IClassFixture<StrictApi>
{
    [Fact]
    public async Task WrongKeys_OverTheLimit_Answer429WhileAKnownKeyGoesOn()
    {
        using var known = api.Client();
        using var before = await known.GetAsync("/v1/models");
        using var stranger = api.Client("as-somebody-else-0123456789-0123456789");
        for (var i = 0; i < StrictApi.Most; i++)
        {
            using var wrong = await stranger.GetAsync("/v1/models");
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        }

        using var refused = await stranger.GetAsync("/v1/models");
        using var none = await api.Client(null).GetAsync("/api/v1/agents");
        using var after = await known.GetAsync("/v1/models");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (before.StatusCode, after.StatusCode));
        Assert.Equal((HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests), (refused.StatusCode, none.StatusCode));
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

        api.Clock.Advance(TimeSpan.FromMinutes(1));
        using var again = await stranger.GetAsync("/v1/models");
        Assert.Equal(HttpStatusCode.Unauthorized, again.StatusCode);
    }
}

/// <summary>The API with little patience for wrong keys, under a clock that a test moves.</summary>
public sealed class StrictApi(TestPostgres postgres) : ApiFixture(postgres)
{
    public const int Most = 5;

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero));

    protected override void Configure(WebApplicationBuilder builder)
    {
        base.Configure(builder);
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Security:FailuresPerAddress"] = "5", ["Runs:Concurrency"] = "0" });
    }
}
