using System.Security.Claims;
using AgentSystem.Contracts.Security;
using AgentSystem.ServiceDefaults.SingleSignOn;
using AgentSystem.Tests.Harness;
using AgentSystem.Web.SignIn;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace AgentSystem.Tests.Web.SignIn;

/// <summary>How long a session lasts, and how its tokens are exchanged; under a clock that the test moves.</summary>
public sealed class ConsoleSessionsTests : IAsyncLifetime
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero));
    private readonly OpenIdConnectOptions scheme = new();
    private ScriptedIssuer issuer = null!;
    private ConsoleSessions sessions = null!;

    public async ValueTask InitializeAsync()
    {
        issuer = await ScriptedIssuer.StartAsync(clock);
        scheme.Backchannel = new HttpClient();
        scheme.ConfigurationManager = new StaticConfigurationManager<OpenIdConnectConfiguration>(new OpenIdConnectConfiguration { TokenEndpoint = issuer.Url + "/token" });
        var refresh = new TokenRefresh(new One(scheme), Options.Create(new OidcOptions { ClientId = ScriptedIssuer.Client }), clock, NullLogger<TokenRefresh>.Instance);
        sessions = new ConsoleSessions(clock, refresh);
    }

    public async ValueTask DisposeAsync()
    {
        scheme.Backchannel.Dispose();
        await issuer.DisposeAsync();
    }

    [Fact]
    public async Task Session_WithAKey_LastsADayAndNoLonger()
    {
        var user = ConsoleUser.For("as-key", "Ada", clock.GetUtcNow());
        clock.Advance(ConsoleSessions.Total - TimeSpan.FromSeconds(1));
        Assert.Equal("as-key", await sessions.KeyOfAsync(user));

        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(sessions.IsOver(user));
        Assert.Null(await sessions.KeyOfAsync(user));
    }

    [Fact]
    public void Session_EverySignIn_IsAnother() => Assert.NotEqual(
        ConsoleUser.SessionOf(ConsoleUser.For("as-key", "Ada", clock.GetUtcNow())), ConsoleUser.SessionOf(ConsoleUser.For("as-key", "Ada", clock.GetUtcNow())));

    [Fact]
    public async Task Session_SignedOut_IsOverAndOthersOfTheSamePersonAreNot()
    {
        var (one, other) = (ConsoleUser.For("as-key", "Ada", clock.GetUtcNow()), ConsoleUser.For("as-key", "Ada", clock.GetUtcNow()));
        sessions.End(one);

        Assert.Null(await sessions.KeyOfAsync(one));
        Assert.NotNull(await sessions.KeyOfAsync(other));
    }

    [Fact]
    public async Task Token_NearItsEnd_IsExchangedOnceHoweverManyAsk()
    {
        var user = await SignedInAsync();
        var first = ConsoleUser.KeyOf(user);
        Assert.Equal(first, await sessions.KeyOfAsync(user));

        clock.Advance(TimeSpan.FromMinutes(4.75));
        var all = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => sessions.KeyOfAsync(user)));

        var next = Assert.Single(all.Distinct());
        Assert.NotEqual(first, next);
        Assert.Equal(1, issuer.Refreshed);
        Assert.Equal(next, ConsoleUser.KeyOf(sessions.Renewed(user)!));

        clock.Advance(TimeSpan.FromMinutes(5));
        Assert.NotEqual(next, await sessions.KeyOfAsync(user));
        Assert.Equal(2, issuer.Refreshed);
    }

    [Fact]
    public async Task Token_ProviderAway_GoesOnToItsEnd()
    {
        var user = await SignedInAsync();
        issuer.Away = true;
        clock.Advance(TimeSpan.FromMinutes(4.75));

        Assert.Equal(ConsoleUser.KeyOf(user), await sessions.KeyOfAsync(user));
        Assert.Null(sessions.Renewed(user));
    }

    /// <summary>Somebody with a first token and what gets the next.</summary>
    private async Task<ClaimsPrincipal> SignedInAsync()
    {
        var first = await new TokenRefresh(new One(scheme), Options.Create(new OidcOptions { ClientId = ScriptedIssuer.Client }), clock, NullLogger<TokenRefresh>.Instance).TryAsync(issuer.RefreshToken("ada"));
        var who = new IdentityView("subject:ada", "Ada", Tenants.Default, null, null, [Scopes.Admin], ["*"], ["*"], null);
        var user = ConsoleUser.For(first!, who, clock.GetUtcNow());
        issuer.Forget();
        return user;
    }

    private sealed class One(OpenIdConnectOptions options) : IOptionsMonitor<OpenIdConnectOptions>
    {
        public OpenIdConnectOptions CurrentValue => options;

        public OpenIdConnectOptions Get(string? name) => options;

        public IDisposable? OnChange(Action<OpenIdConnectOptions, string?> listener) => null;
    }
}
