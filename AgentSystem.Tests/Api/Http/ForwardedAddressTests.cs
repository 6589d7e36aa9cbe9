using System.Net;
using System.Net.Http.Json;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Security;
using AgentSystem.Tests.Api.Security;
using AgentSystem.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;

namespace AgentSystem.Tests.Api.Http;

/// <summary>An API behind a proxy of its own machine and others of 10.0.0.0/8, whose word it takes.</summary>
public sealed class ProxiedApi(TestPostgres postgres) : ApiFixture(postgres)
{
    protected override void Configure(WebApplicationBuilder builder)
    {
        base.Configure(builder);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["ForwardedHeaders:TrustedProxies"] = "127.0.0.0/8, 10.0.0.0/8", ["Security:FailuresPerAddress"] = "4" });
    }
}

/// <summary>Whose address counts for limits, threats and the audit log.</summary>
public sealed class ForwardedAddressTests(ProxiedApi proxied, ApiFixture direct) : IClassFixture<ProxiedApi>, IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("192.0.2.20", "192.0.2.20")]
    [InlineData("192.0.2.21, 10.1.2.3", "192.0.2.21")]
    [InlineData("203.0.113.99, 192.0.2.22", "192.0.2.22")]
    [InlineData("192.0.2.23:4711", "192.0.2.23")]
    public async Task Failure_ThroughATrustedProxy_IsTheNearestClientsWhomNobodyVouchesFor(string forwarded, string client)
    {
        await FailAsync(proxied, forwarded);

        Assert.Single(await EntriesAsync(proxied, client));
        Assert.Empty(await EntriesAsync(proxied, "203.0.113.99"));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("192.0.2.30;drop")]
    [InlineData(",,,")]
    public async Task Request_WithAHeaderThatNamesNobody_IsAnsweredAsIfThereWereNone(string forwarded)
    {
        using var client = From(proxied, forwarded, proxied.AdminKey);
        using var answer = await client.GetAsync("/v1/models");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Failure_WhereNoProxyIsTrusted_IsThePeersWhateverTheHeaderSays()
    {
        await FailAsync(direct, "192.0.2.40");

        Assert.Empty(await EntriesAsync(direct, "192.0.2.40"));
        Assert.NotEmpty(await EntriesAsync(direct, "127.0.0.1"));
    }

    [Fact]
    public async Task Limit_OfOneClient_LeavesOthersBehindTheSameProxyAlone()
    {
        for (var i = 0; i < 4; i++)
        {
            await FailAsync(proxied, "192.0.2.50");
        }

        using var limited = From(proxied, "192.0.2.50", "as-wrong");
        using var other = From(proxied, "192.0.2.51", "as-wrong");
        using var refused = await limited.GetAsync("/v1/models");
        using var unknown = await other.GetAsync("/v1/models");

        // The clock may turn its minute in between: then both are only unknown.
        Assert.Contains(refused.StatusCode, new[] { HttpStatusCode.TooManyRequests, HttpStatusCode.Unauthorized });
        Assert.Equal(HttpStatusCode.Unauthorized, unknown.StatusCode);
    }

    [Fact]
    public async Task Address_Contained_IsKeptOutAndOthersAreNot()
    {
        using var admin = From(proxied, "192.0.2.60", proxied.AdminKey);
        using var bad = From(proxied, "192.0.2.61", proxied.AdminKey);
        var placed = await admin.SendAsync<ContainmentView>("/containments", new PlaceContainment(ContainmentKind.Quarantine, "address:::ffff:192.0.2.61", "it guesses"));
        using var refused = await bad.GetAsync("/v1/models");
        using var alive = await bad.GetAsync("/alive");
        using var free = await admin.GetAsync("/v1/models");

        Assert.Equal("address:192.0.2.61", placed.Scope);
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK, HttpStatusCode.OK), (refused.StatusCode, alive.StatusCode, free.StatusCode));
        Assert.Contains("address_quarantined", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var lifted = await admin.DeleteAsync($"{SecurityCalls.Root}/containments/{placed.Id}");
        using var again = await bad.GetAsync("/v1/models");
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task Address_Throttled_LetsAFewPass()
    {
        using var admin = From(proxied, "192.0.2.70", proxied.AdminKey);
        using var eager = From(proxied, "192.0.2.71", proxied.AdminKey);
        await admin.SendAsync<ContainmentView>("/containments", new PlaceContainment(ContainmentKind.Throttle, "address:192.0.2.71", "too eager", Minutes: 5));
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 20; i++)
        {
            using var answer = await eager.GetAsync("/v1/models");
            answers.Add(answer.StatusCode);
        }

        Assert.Equal(HttpStatusCode.OK, answers[0]);
        Assert.Contains(HttpStatusCode.TooManyRequests, answers);
    }

    [Theory]
    [InlineData("address:192.0.2.80", HttpStatusCode.Conflict, "address_in_use")]
    [InlineData("address:somewhere", HttpStatusCode.BadRequest, "scope")]
    [InlineData("address:10.0.0.0/8", HttpStatusCode.BadRequest, "scope")]
    public async Task Address_OnesOwnOrNone_IsNotContained(string scope, HttpStatusCode status, string named)
    {
        using var admin = From(proxied, "192.0.2.80", proxied.AdminKey);
        using var answer = await admin.PostAsJsonAsync(SecurityCalls.Root + "/containments", new PlaceContainment(ContainmentKind.Quarantine, scope, "x"), PlatformJson.Options);

        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(named, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task FailAsync(ApiFixture api, string forwarded)
    {
        using var client = From(api, forwarded, "as-wrong");
        using var refused = await client.GetAsync("/v1/models");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    private static async Task<IReadOnlyList<AuditEntryView>> EntriesAsync(ApiFixture api, string address)
    {
        using var admin = api.Client();
        return (await admin.ReadAsync<ListPage<AuditEntryView>>($"/audit?actor=address:{address}")).Data;
    }

    private static HttpClient From(ApiFixture api, string forwarded, string key)
    {
        var client = api.Client(key);
        Assert.True(client.DefaultRequestHeaders.TryAddWithoutValidation("X-Forwarded-For", forwarded));
        return client;
    }
}
