using System.Net.Security;
using System.Runtime.Versioning;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AgentSystem.Contracts.Roles;
using AgentSystem.Runtime.Mesh.Tls;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AgentSystem.Tests.Runtime.Mesh;

/// <summary>Who may call whom: nobody without a certificate of the same authority, and only a process that proves the role.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class MeshTlsTests : IAsyncDisposable
{
    private static readonly RememberRequest Something = new() { Tenant = "t", Text = "something" };
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    private readonly MeshHouse house = new();
    private readonly ScriptedRole script = new();
    private readonly string other = Path.Combine(Path.GetTempPath(), "agentsystem-mesh-" + Path.GetRandomFileName());

    public async ValueTask DisposeAsync()
    {
        await house.DisposeAsync();
        if (Directory.Exists(other))
        {
            Directory.Delete(other, recursive: true);
        }
    }

    [Fact]
    public async Task Call_WithACertificateOfAnotherAuthority_IsRefused()
    {
        var address = MeshHouse.Address(await house.ServeAsync(script));
        var stranger = house.Caller(address, null, ("Roles:Tls:Folder", other)).GetRequiredService<IMemoryService>();

        await Assert.ThrowsAsync<RoleCallException>(async () => await stranger.RememberAsync(Something, default));

        Assert.Equal(0, script.Calls);
    }

    [Theory]
    [InlineData(false, SslProtocols.Tls13)]
    [InlineData(true, SslProtocols.Tls12)]
    public async Task Connection_WithoutACertificateOrWithAnOlderProtocol_CarriesNothing(bool shows, SslProtocols protocol)
    {
        var address = MeshHouse.Address(await house.ServeAsync(script));
        using var authority = DevelopmentAuthority.Open(house.Folder, TimeProvider.System.GetUtcNow());
        using var mine = DevelopmentAuthority.Issue(authority, [PeerNames.Gateway], TimeProvider.System.GetUtcNow());
        using var handler = new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { EnabledSslProtocols = protocol, RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null, ClientCertificates = shows ? [mine] : [] } };
        using var client = new HttpClient(handler) { DefaultRequestVersion = new Version(2, 0), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetAsync(new Uri(address + "/health")));
    }

    [Fact]
    public async Task Call_OfARoleThatTheProcessDoesNotProve_IsNotMade()
    {
        // It serves tools, and somebody wrote its address where the memory's belongs.
        var tools = await house.ServeAsync(script, [RoleNames.Tools]);

        var refused = await Assert.ThrowsAsync<RoleCallException>(async () => await house.Caller(MeshHouse.Address(tools)).GetRequiredService<IMemoryService>().RememberAsync(Something, default));

        Assert.Equal((RoleFailure.Away, 0), (refused.Failure, script.Calls));
    }

    [Fact]
    public async Task Call_FromARoleThatHasNoBusinessThere_IsRefused()
    {
        var address = MeshHouse.Address(await house.ServeAsync(script));

        var refused = await Assert.ThrowsAsync<RoleCallException>(async () => await house.Caller(address, [RoleNames.Monitoring]).GetRequiredService<IMemoryService>().RememberAsync(Something, default));

        Assert.Equal((RoleFailure.Refused, 0), (refused.Failure, script.Calls));
        await house.Caller(address, [RoleNames.Reasoning]).GetRequiredService<IMemoryService>().RememberAsync(Something, default);
    }

    [Fact]
    public void Rules_ForEveryRole_LetTheGatewayAndItsLikeCallAndNobodyElseByAccident()
    {
        Assert.All(RoleNames.All, static role => Assert.True(PeerRules.MayCall([PeerNames.Gateway], role)));
        Assert.All(RoleNames.All, static role => Assert.True(PeerRules.MayCall([role], role)));
        Assert.All(RoleNames.All, static role => Assert.False(PeerRules.MayCall([], role)));
        Assert.False(PeerRules.MayCall([PeerNames.Gateway], "nobody"));
    }

    [Fact]
    public void Identity_WhenTwoThirdsOfItsCertificateAreOver_ShowsANewOneThatIsTrusted()
    {
        var time = new FakeTimeProvider(Now);
        using var mine = new MeshIdentity(new MeshTlsOptions { Folder = other }, [RoleNames.Memory, RoleNames.Tools], time, NullLogger<MeshIdentity>.Instance);
        using var yours = new MeshIdentity(new MeshTlsOptions { Folder = other }, [PeerNames.Gateway], time, NullLogger<MeshIdentity>.Instance);
        var first = mine.Certificate.Thumbprint;
        Assert.Equal(["memory", "tools"], yours.Trusted(mine.Certificate, PeerTrust.Serves));

        time.Advance(DevelopmentAuthority.LeafLife / 2);
        Assert.Equal(first, mine.Certificate.Thumbprint);
        time.Advance(DevelopmentAuthority.LeafLife / 4);

        Assert.NotEqual(first, mine.Certificate.Thumbprint);
        Assert.Equal(["memory", "tools"], yours.Trusted(mine.Certificate, PeerTrust.Serves));
    }

    [Fact]
    public void Trusted_ACertificateThatHasEnded_IsNot()
    {
        var time = new FakeTimeProvider(Now);
        using var authority = DevelopmentAuthority.Open(other, Now);
        using var leaf = DevelopmentAuthority.Issue(authority, [RoleNames.Memory], Now);
        using var mine = new MeshIdentity(new MeshTlsOptions { Folder = other }, [PeerNames.Gateway], time, NullLogger<MeshIdentity>.Instance);
        Assert.Equal(["memory"], mine.Trusted(leaf, PeerTrust.Calls));

        time.Advance(DevelopmentAuthority.LeafLife + TimeSpan.FromMinutes(1));

        Assert.Empty(mine.Trusted(leaf, PeerTrust.Calls));
        Assert.Empty(mine.Trusted(null, PeerTrust.Calls));
    }

    [Fact]
    public void Identity_OfFilesThatAreReplaced_ShowsTheNewOneAndOutlivesAHalfWrittenOne()
    {
        var time = new FakeTimeProvider(Now);
        using var authority = DevelopmentAuthority.Open(other, Now);
        var options = new MeshTlsOptions { Certificate = Path.Combine(other, "tls.crt"), Key = Path.Combine(other, "tls.key"), Ca = Path.Combine(other, "ca.crt") };
        Write(options, authority, "memory");
        using var mine = new MeshIdentity(options, [], time, NullLogger<MeshIdentity>.Instance);
        Assert.Equal(["memory"], mine.Trusted(mine.Certificate, PeerTrust.Serves));

        File.WriteAllText(options.Certificate, "-----BEGIN CERT");
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(["memory"], mine.Trusted(mine.Certificate, PeerTrust.Serves));
        Write(options, authority, "tools");
        time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(["tools"], mine.Trusted(mine.Certificate, PeerTrust.Serves));
    }

    [Fact]
    public async Task Authority_OpenedByManyAtOnce_IsMadeOnceAndIsItsOwnersAlone()
    {
        var opened = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => DevelopmentAuthority.Open(other, Now))));

        Assert.Single(opened.Select(static one => one.Thumbprint).Distinct());
        Assert.All(Directory.EnumerateFiles(other), static file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
        using var key = opened[0].GetECDsaPrivateKey();
        Assert.Equal(256, key!.KeySize);
        Array.ForEach(opened, static one => one.Dispose());
    }

    private static void Write(MeshTlsOptions options, X509Certificate2 authority, string name)
    {
        using var leaf = DevelopmentAuthority.Issue(authority, [name], Now);
        File.WriteAllText(options.Certificate!, leaf.ExportCertificatePem());
        File.WriteAllText(options.Key!, leaf.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(options.Ca!, authority.ExportCertificatePem());
    }
}
