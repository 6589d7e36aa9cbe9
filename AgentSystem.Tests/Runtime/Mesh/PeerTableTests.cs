using System.Net;
using System.Net.Sockets;
using AgentSystem.Contracts.Roles;
using AgentSystem.Runtime.Mesh.Peers;
using AgentSystem.Runtime.Resilience;
using AgentSystem.Runtime.Routing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AgentSystem.Tests.Runtime.Mesh;

/// <summary>Which process of a role is asked: the less loaded one, not one that could not be reached, and those of a name as it is looked up now.</summary>
public sealed class PeerTableTests : IDisposable
{
    private readonly FakeTimeProvider time = new();
    private readonly List<Way> opened = [];
    private IReadOnlyList<IPAddress> found = [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("10.0.0.2")];
    private PeerTable? table;

    public void Dispose() => table?.Dispose();

    [Fact]
    public async Task Pick_OfTwo_IsTheLessLoaded()
    {
        var (first, second) = await TwoAsync();
        first.Enter();
        Assert.Same(second, await PickAsync());

        second.Enter();
        // The other end says that others ask it, too.
        second.Answered(5);
        Assert.Same(first, await PickAsync());
    }

    [Fact]
    public async Task Pick_AfterAFailure_PassesItOverForAPauseThatDoubles()
    {
        var (first, second) = await TwoAsync();
        first.Failed();
        second.Enter();
        Assert.Same(second, await PickAsync());

        time.Advance(TimeSpan.FromSeconds(0.6));
        Assert.Same(first, await PickAsync());
        first.Failed();
        time.Advance(TimeSpan.FromSeconds(0.6));
        Assert.Same(second, await PickAsync());

        first.Answered(null);
        Assert.Same(first, await PickAsync());
    }

    [Fact]
    public async Task Pick_WhenAllRest_TriesOneAllTheSame()
    {
        var (first, second) = await TwoAsync();
        first.Failed();
        second.Failed();

        Assert.NotNull(await PickAsync());
        await Assert.ThrowsAsync<RoleCallException>(async () => await PickAsync(first, second));
    }

    [Fact]
    public async Task Pick_WhenTheNameChanges_KnowsTheNewOnesAndLetsCallsOfTheOldOneEnd()
    {
        var (first, second) = await TwoAsync();
        var gone = first.Address.Host == "10.0.0.1" ? first : second;
        gone.Enter();
        found = [IPAddress.Parse("10.0.0.2"), IPAddress.Parse("10.0.0.3")];
        time.Advance(TimeSpan.FromSeconds(6));

        var hosts = new[] { await PickAsync(), await PickAsync(await PickAsync()) }.Select(static peer => peer.Address.Host).ToHashSet();

        Assert.DoesNotContain("10.0.0.1", hosts);
        Assert.False(((Way)gone.Channel).IsClosed);
        gone.Leave();
        Assert.True(((Way)gone.Channel).IsClosed);
    }

    [Fact]
    public async Task Pick_WhenTheNameCannotBeLookedUp_KeepsThoseItKnows()
    {
        await TwoAsync();
        found = [];
        time.Advance(TimeSpan.FromSeconds(6));

        Assert.NotNull(await PickAsync());
    }

    [Theory]
    [InlineData("https://10.0.0.1:8443", true)]
    [InlineData("https://10.0.0.1:8443, https://other:8443", true)]
    [InlineData("dns:///workers-memory:8443", true)]
    [InlineData("http://10.0.0.1:8443", false)]
    [InlineData("10.0.0.1:8443", false)]
    [InlineData("dns:///", false)]
    [InlineData(",", false)]
    public void IsReadable_TellsAddressesFromOthers(string text, bool readable) => Assert.Equal(readable, PeerAddresses.IsReadable(text));

    private async Task<(Peer First, Peer Second)> TwoAsync()
    {
        var addresses = new PeerAddresses("dns:///workers:8443", (_, _) => found.Count > 0 ? Task.FromResult(found) : throw new SocketException((int)SocketError.HostNotFound));
        table = new PeerTable("memory", addresses, _ => Open(), new TwoChoices(new Random(1)), new PeerResilience(Options.Create(new ResilienceOptions()), time), new MeshCallOptions(), time);
        var first = await PickAsync();
        return (first, await PickAsync(first));
    }

    private ValueTask<Peer> PickAsync(params IReadOnlyCollection<Peer> asked) => table!.PickAsync(asked, default);

    private Way Open()
    {
        opened.Add(new Way());
        return opened[^1];
    }

    private sealed class Way : IDisposable
    {
        public bool IsClosed { get; private set; }

        public void Dispose() => IsClosed = true;
    }
}
