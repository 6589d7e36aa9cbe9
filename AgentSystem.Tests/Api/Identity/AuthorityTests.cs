using System.Security.Cryptography;
using AgentSystem.Api.Identity;
using AgentSystem.ServiceDefaults.SingleSignOn;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AgentSystem.Tests.Api.Identity;

/// <summary>The provider's keys: fetched when they are needed, not when a stranger would like it, and used on while the provider is away.</summary>
public sealed class AuthorityTests : IAsyncLifetime
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero));
    private ScriptedIssuer issuer = null!;
    private Authority authority = null!;

    public async ValueTask InitializeAsync()
    {
        issuer = await ScriptedIssuer.StartAsync(clock);
        authority = new Authority(new Clients(), Options.Create(new OidcOptions { Authority = issuer.Url, Audience = ScriptedIssuer.Audience }), clock, NullLogger<Authority>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        authority.Dispose();
        await issuer.DisposeAsync();
    }

    [Fact]
    public async Task Find_ManyTimes_FetchesOnce()
    {
        for (var i = 0; i < 20; i++)
        {
            Assert.NotNull((await FindAsync("first")).Key);
        }

        Assert.Equal(1, issuer.Fetches);
    }

    [Fact]
    public async Task Find_AfterARotation_TakesTheNewKeyAtOnceAndTheOldOneNoMore()
    {
        await FindAsync("first");
        issuer.Rotate();
        clock.Advance(Authority.AskAgain);

        Assert.Equal(issuer.Key.Id, (await FindAsync(issuer.Key.Id)).Key?.Kid);
        Assert.Null((await FindAsync("first")).Key);
    }

    [Fact]
    public async Task Find_MadeUpKeys_AsksTheProviderOnceAMinuteAtMost()
    {
        await FindAsync("first");
        for (var i = 0; i < 180; i++)
        {
            Assert.Null((await FindAsync($"made-up-{i}")).Key);
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(issuer.Fetches, 3, 4);
    }

    [Fact]
    public async Task Find_ProviderAway_GoesOnWithWhatIsKnownUntilTheBound()
    {
        await FindAsync("first");
        issuer.Away = true;
        clock.Advance(TimeSpan.FromHours(23));
        Assert.NotNull((await FindAsync("first")).Key);

        clock.Advance(TimeSpan.FromHours(2));
        Assert.Null((await FindAsync("first")).Keys);

        issuer.Away = false;
        clock.Advance(Authority.AskAgain);
        Assert.NotNull((await FindAsync("first")).Key);
    }

    [Fact]
    public async Task Find_ProviderNeverThere_SaysSoAndTriesAgainSoon()
    {
        issuer.Away = true;
        Assert.Null((await FindAsync("first")).Keys);
        issuer.Away = false;
        Assert.Null((await FindAsync("first")).Keys);
        clock.Advance(Authority.TryAgain);
        Assert.NotNull((await FindAsync("first")).Key);
    }

    [Fact]
    public async Task Find_ProviderThatCallsItselfSomethingElse_IsNotBelieved()
    {
        issuer.WrongName = "https://elsewhere.example";
        Assert.Null((await FindAsync("first")).Keys);
    }

    [Fact]
    public async Task Find_KeysThatAreTooShortOrOfAnotherKind_AreNotThere()
    {
        using var shortKey = IssuerKey.Rsa("short", 1024);
        using var curve = IssuerKey.Ec("curve");
        using var wide = IssuerKey.Ec("wide", ECCurve.NamedCurves.nistP384);
        foreach (var key in new[] { shortKey, curve, wide })
        {
            issuer.Published.Enqueue(key);
        }

        Assert.Null((await FindAsync("short")).Key);
        Assert.Null((await FindAsync("curve")).Key);
        Assert.Null((await FindAsync("first", "ES256")).Key);
        Assert.Null((await FindAsync("wide", "ES256")).Key);
        Assert.NotNull((await FindAsync("curve", "ES256")).Key);
        Assert.NotNull((await FindAsync("wide", "ES384")).Key);
    }

    [Fact]
    public async Task Find_TokenThatNamesNoKey_GetsOneOnlyWhereThereIsNoChoice()
    {
        Assert.NotNull((await FindAsync(null)).Key);
        using var second = IssuerKey.Rsa("second");
        issuer.Published.Enqueue(second);
        clock.Advance(TimeSpan.FromMinutes(16));
        await FindAsync("second");
        Assert.Null((await FindAsync(null)).Key);
    }

    private Task<(AuthorityKeys? Keys, Microsoft.IdentityModel.Tokens.JsonWebKey? Key)> FindAsync(string? key, string algorithm = "RS256") =>
        authority.FindAsync(new TokenForm(algorithm, key), CancellationToken.None);

    private sealed class Clients : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => new(new SocketsHttpHandler { AllowAutoRedirect = false });
    }
}
