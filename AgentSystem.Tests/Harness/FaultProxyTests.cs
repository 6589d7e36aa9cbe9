using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AgentSystem.Tests.Harness;

/// <summary>The proxy itself, before a server that sends back what it gets.</summary>
public sealed class FaultProxyTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Socket server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource patience = new(Patience);
    private FaultProxy proxy = null!;
    private Socket client = null!;
    private Socket peer = null!;

    public async ValueTask InitializeAsync()
    {
        server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        server.Listen();
        proxy = FaultProxy.Before(server.LocalEndPoint!);
        (client, peer) = await ConnectAsync();
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        peer.Dispose();
        await proxy.DisposeAsync();
        server.Dispose();
        patience.Dispose();
    }

    [Fact]
    public async Task Whole_CarriesBothWaysAndTellsTheEnd()
    {
        await SendAsync(client, "there");
        Assert.Equal("there", await ReceiveAsync(peer, 5));
        await SendAsync(peer, "back");
        Assert.Equal("back", await ReceiveAsync(client, 4));
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal("", await ReceiveAsync(peer, 1));
    }

    [Fact]
    public async Task CutToServer_HoldsWhatTheClientSendsAndStillBringsAnswers()
    {
        proxy.Cut(Way.ToServer);
        await SendAsync(client, "lost?");
        await UntilAsync(() => proxy.Held == 5);
        await SendAsync(peer, "news");
        Assert.Equal("news", await ReceiveAsync(client, 4));
        Assert.Equal(0, peer.Available);
        proxy.Heal();
        Assert.Equal("lost?", await ReceiveAsync(peer, 5));
    }

    [Fact]
    public async Task CutToClient_BringsQuestionsAndHoldsTheAnswers()
    {
        proxy.Cut(Way.ToClient);
        await SendAsync(client, "do it");
        Assert.Equal("do it", await ReceiveAsync(peer, 5));
        await SendAsync(peer, "done");
        await UntilAsync(() => proxy.Held == 4);
        Assert.Equal(0, client.Available);
        proxy.Heal();
        Assert.Equal("done", await ReceiveAsync(client, 4));
    }

    [Fact]
    public async Task CutBoth_TellsNobodyThatTheOtherHasLeft()
    {
        proxy.Cut(Way.Both);
        await SendAsync(client, "bye");
        client.Dispose();
        await UntilAsync(() => proxy.Held == 3);
        Assert.False(peer.Poll(0, SelectMode.SelectRead));
        proxy.Heal();
        Assert.Equal("bye", await ReceiveAsync(peer, 3));
        Assert.Equal("", await ReceiveAsync(peer, 1));
    }

    [Fact]
    public async Task CutBoth_TakesNewClientsWhomTheServerNeverSees()
    {
        proxy.Cut(Way.Both);
        using var late = await DialAsync();
        await UntilAsync(() => proxy.Connections == 2);
        Assert.False(server.Poll(0, SelectMode.SelectRead));
        proxy.Heal();
        using var seen = await server.AcceptAsync(patience.Token);
        await SendAsync(late, "at last");
        Assert.Equal("at last", await ReceiveAsync(seen, 7));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CutWhenSent_CutsAtTheWordAndNotBefore(bool delivered)
    {
        proxy.CutWhenSent(Way.Both, delivered, "begin", "end");
        await SendAsync(client, "end, begin;");
        Assert.Equal("end, begin;", await ReceiveAsync(peer, 11));
        await SendAsync(client, "the end");
        await UntilAsync(() => delivered ? peer.Available == 7 : proxy.Held == 7);
        await SendAsync(peer, "yes");
        await UntilAsync(() => proxy.Held == (delivered ? 3 : 10));
        proxy.Heal();
        Assert.Equal("yes", await ReceiveAsync(client, 3));
        Assert.Equal("the end", await ReceiveAsync(peer, 7));
    }

    [Fact]
    public async Task Strand_HoldsTheOldConnectionsForEverAndTakesNewOnes()
    {
        proxy.Strand();
        await SendAsync(client, "lost");
        await UntilAsync(() => proxy.Held == 4);
        proxy.Heal();
        var (next, seen) = await ConnectAsync();
        await SendAsync(next, "new");
        Assert.Equal("new", await ReceiveAsync(seen, 3));
        Assert.Equal(4, proxy.Held);
        Assert.Equal(0, peer.Available);
        next.Dispose();
        seen.Dispose();
    }

    [Fact]
    public async Task Reset_IsToldToBothEndsAndNewClientsAreTaken()
    {
        proxy.Reset();
        foreach (var end in new[] { client, peer })
        {
            var failure = await Assert.ThrowsAsync<SocketException>(() => ReceiveAsync(end, 1));
            Assert.Equal(SocketError.ConnectionReset, failure.SocketErrorCode);
        }

        var (next, seen) = await ConnectAsync();
        await SendAsync(next, "again");
        Assert.Equal("again", await ReceiveAsync(seen, 5));
        next.Dispose();
        seen.Dispose();
    }

    [Fact]
    public async Task Delay_IsAddedToEachPiece()
    {
        proxy.Delay = TimeSpan.FromMilliseconds(200);
        var began = Stopwatch.GetTimestamp();
        await SendAsync(client, "slow");
        await ReceiveAsync(peer, 4);
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.FromMilliseconds(195), Patience);
    }

    [Fact]
    public async Task Limit_StretchesWhatIsLong()
    {
        proxy.BytesPerSecond = 10_000;
        var began = Stopwatch.GetTimestamp();
        await SendAsync(client, new string('x', 3_000));
        await ReceiveAsync(peer, 3_000);
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.FromMilliseconds(290), Patience);
    }

    private async Task<(Socket Client, Socket Peer)> ConnectAsync()
    {
        var dialled = await DialAsync();
        return (dialled, await server.AcceptAsync(patience.Token));
    }

    private async Task<Socket> DialAsync()
    {
        var dialling = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await dialling.ConnectAsync(IPAddress.Loopback, proxy.Port, patience.Token);
        return dialling;
    }

    private async Task SendAsync(Socket to, string text) => await to.SendAsync(Encoding.ASCII.GetBytes(text), patience.Token);

    /// <summary>So many bytes, fewer only at the end of the connection.</summary>
    private async Task<string> ReceiveAsync(Socket from, int count)
    {
        var (bytes, taken) = (new byte[count], 0);
        while (taken < count && await from.ReceiveAsync(bytes.AsMemory(taken), patience.Token) is > 0 and var more)
        {
            taken += more;
        }

        return Encoding.ASCII.GetString(bytes, 0, taken);
    }

    private async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(5, patience.Token);
        }
    }
}
