using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace AgentSystem.Tests.Harness;

/// <summary>Which way bytes go through a <see cref="FaultProxy"/>.</summary>
[Flags]
internal enum Way
{
    None = 0,
    ToServer = 1,
    ToClient = 2,
    Both = ToServer | ToClient,
}

/// <summary>
/// A TCP proxy on a loopback port whose network can fail. A cut is what a broken link is: nobody is told anything, what is sent is taken and not delivered, the end of a connection included,
/// and once the link is whole again, everything arrives that was on its way, as TCP's repetitions would bring it.
/// </summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private const int Chunk = 16 * 1024;

    private static readonly Task Never = new TaskCompletionSource().Task;

    private readonly EndPoint server;
    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<Link, Task> links = new();
    private readonly Lock gate = new();
    private readonly Task accepting;
    private TaskCompletionSource whole = Done();
    private Trap? trap;
    private Way cut;
    private long held;

    private FaultProxy(EndPoint server)
    {
        this.server = server;
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        accepting = AcceptAsync();
    }

    /// <summary>Where clients connect, on loopback.</summary>
    public int Port { get; }

    /// <summary>How long every piece is kept before it is delivered.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Most bytes a second in each way of each connection; 0: no limit.</summary>
    public int BytesPerSecond { get; set; }

    /// <summary>Bytes that were taken and not delivered, because the link is cut.</summary>
    public long Held => Interlocked.Read(ref held);

    /// <summary>Connections of clients right now.</summary>
    public int Connections => links.Count;

    public static FaultProxy Before(EndPoint server) => new(server);

    /// <summary>Stands before a PostgreSQL that listens on a socket of this machine.</summary>
    /// <param name="connection">How it is reached directly.</param>
    /// <param name="through">The same through the proxy.</param>
    public static FaultProxy BeforePostgres(string connection, out string through)
    {
        var direct = new NpgsqlConnectionStringBuilder(connection);
        var proxy = Before(new UnixDomainSocketEndPoint($"{direct.Host}/.s.PGSQL.{direct.Port}"));
        through = new NpgsqlConnectionStringBuilder(connection) { Host = IPAddress.Loopback.ToString(), Port = proxy.Port }.ConnectionString;
        return proxy;
    }

    /// <summary>Nothing is delivered in these ways any more, and nobody is told.</summary>
    public void Cut(Way ways)
    {
        lock (gate)
        {
            cut = ways;
            if (whole.Task.IsCompleted)
            {
                whole = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    /// <summary>Cuts once, at the moment when a client has sent these words in this order over one connection.</summary>
    /// <param name="ways">Which ways.</param>
    /// <param name="delivered">Whether the server still gets the piece with the last word.</param>
    /// <param name="words">ASCII; each within one piece.</param>
    public void CutWhenSent(Way ways, bool delivered, params IReadOnlyList<string> words) =>
        Volatile.Write(ref trap, new Trap(ways, delivered, [.. words.Select(Encoding.ASCII.GetBytes)]));

    /// <summary>The link is whole again: what was held is delivered.</summary>
    public void Heal()
    {
        lock (gate)
        {
            cut = Way.None;
            whole.TrySetResult();
        }
    }

    /// <summary>The connections there are carry nothing any more, whatever heals, and nobody is told: what a middle box does that forgets them. New ones are taken.</summary>
    public void Strand()
    {
        lock (gate)
        {
            foreach (var link in links.Keys)
            {
                link.IsStranded = true;
            }
        }
    }

    /// <summary>Both ends of every connection are told that it was reset. New ones are taken.</summary>
    public void Reset()
    {
        foreach (var link in links.Keys)
        {
            link.Reset();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        await accepting;
        Reset();
        await Task.WhenAll(links.Values);
        stop.Dispose();
    }

    private static TaskCompletionSource Done()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        done.SetResult();
        return done;
    }

    private async Task AcceptAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            Socket client;
            try
            {
                client = await listener.AcceptAsync(stop.Token);
            }
            catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }

            var link = new Link(client, new Socket(server.AddressFamily, SocketType.Stream, server.AddressFamily == AddressFamily.Unix ? ProtocolType.IP : ProtocolType.Tcp));
            var carrying = new TaskCompletionSource();
            links[link] = carrying.Task;
            _ = CarryAsync(link, carrying);
        }
    }

    private async Task CarryAsync(Link link, TaskCompletionSource carrying)
    {
        try
        {
            await WholeAsync(link, Way.ToServer, 0);
            await link.Server.ConnectAsync(server, link.Token);
            await Task.WhenAll(PumpAsync(link, link.Client, link.Server, Way.ToServer), PumpAsync(link, link.Server, link.Client, Way.ToClient));
        }
        catch (Exception end) when (end is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One end is gone; the other is told the same way.
            link.Reset();
        }
        finally
        {
            links.TryRemove(link, out _);
            link.Dispose();
            carrying.SetResult();
        }
    }

    private async Task PumpAsync(Link link, Socket from, Socket to, Way way)
    {
        var bytes = new byte[Chunk];
        try
        {
            while (await from.ReceiveAsync(bytes, link.Token) is > 0 and var count)
            {
                if (way != Way.ToServer || !Springs(link, bytes.AsSpan(0, count)))
                {
                    await WholeAsync(link, way, count);
                }

                if (Delay > TimeSpan.Zero)
                {
                    await Task.Delay(Delay, link.Token);
                }

                await SendAsync(to, bytes.AsMemory(0, count), link.Token);
            }

            await WholeAsync(link, way, 0);
            to.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // Told to the other end only over a whole link.
            await WholeAsync(link, way, 0);
            link.Reset();
        }
    }

    /// <summary>Cuts where the piece completes the words; true when it is to be delivered all the same.</summary>
    private bool Springs(Link link, ReadOnlySpan<byte> piece)
    {
        if (Volatile.Read(ref trap) is not { } set)
        {
            return false;
        }

        while (link.Met < set.Words.Count && piece.IndexOf(set.Words[link.Met]) is >= 0 and var at)
        {
            piece = piece[(at + set.Words[link.Met].Length)..];
            link.Met++;
        }

        if (link.Met < set.Words.Count || Interlocked.CompareExchange(ref trap, null, set) != set)
        {
            return false;
        }

        Cut(set.Ways);
        return set.Delivered;
    }

    private async Task SendAsync(Socket to, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        while (bytes.Length > 0)
        {
            var (limit, now) = (BytesPerSecond, bytes.Length);
            if (limit > 0)
            {
                now = Math.Min(now, Math.Max(1, limit / 10));
                await Task.Delay(TimeSpan.FromSeconds((double)now / limit), cancellation);
            }

            await to.SendAsync(bytes[..now], cancellation);
            bytes = bytes[now..];
        }
    }

    /// <summary>Waits while the link is cut in this way, and for ever on a stranded one.</summary>
    private async Task WholeAsync(Link link, Way way, int count)
    {
        Interlocked.Add(ref held, count);
        try
        {
            while (true)
            {
                Task again;
                lock (gate)
                {
                    if (!link.IsStranded && !cut.HasFlag(way))
                    {
                        return;
                    }

                    again = link.IsStranded ? Never : whole.Task;
                }

                await again.WaitAsync(link.Token);
            }
        }
        finally
        {
            Interlocked.Add(ref held, -count);
        }
    }

    private sealed record Trap(Way Ways, bool Delivered, IReadOnlyList<byte[]> Words);

    private sealed class Link(Socket client, Socket server) : IDisposable
    {
        private readonly CancellationTokenSource reset = new();

        /// <summary>Written and read under the proxy's lock.</summary>
        public bool IsStranded { get; set; }

        /// <summary>How many of a trap's words the client has sent.</summary>
        public int Met { get; set; }

        public Socket Client => client;

        public Socket Server => server;

        public CancellationToken Token => reset.Token;

        public void Reset()
        {
            // Closed with nothing to linger for, a connection is reset (RFC 1122, 4.2.2.13).
            foreach (var end in new[] { client, server })
            {
                try
                {
                    end.LingerState = new LingerOption(true, 0);
                }
                catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
                {
                    // It was closed already, which is as good.
                }

                end.Dispose();
            }

            reset.Cancel();
        }

        // The source has no timer, and Reset may come later than this.
        public void Dispose()
        {
            client.Dispose();
            server.Dispose();
        }
    }
}
