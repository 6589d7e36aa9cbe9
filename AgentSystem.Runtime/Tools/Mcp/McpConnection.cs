using ModelContextProtocol.Client;

namespace AgentSystem.Runtime.Tools.Mcp;

/// <summary>One connection, shared by the calls that are under way; closed by the last one after it was retired.</summary>
internal sealed class McpConnection(TimeProvider time) : IDisposable
{
    private readonly Lock gate = new();
    private readonly SemaphoreSlim one = new(1, 1);
    private readonly TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private McpClient? client;
    private int users;
    private bool retired;
    private long used = time.GetTimestamp();
    private long? listed;

    /// <summary>The client; connected.</summary>
    public McpClient Client => client ?? throw new InvalidOperationException("The connection was not made.");

    /// <summary>Ends when the connection is closed.</summary>
    public Task Closed => closed.Task;

    /// <summary>Counts a user in; false where it is retired.</summary>
    public bool TryEnter()
    {
        lock (gate)
        {
            if (!retired)
            {
                users++;
            }

            return !retired;
        }
    }

    /// <summary>Counts a user out.</summary>
    public void Leave()
    {
        bool last;
        lock (gate)
        {
            used = time.GetTimestamp();
            last = --users == 0 && retired;
        }

        if (last)
        {
            Close();
        }
    }

    /// <summary>Nobody enters any more; it is closed when the last one left.</summary>
    public void Retire()
    {
        bool last;
        lock (gate)
        {
            last = !retired && users == 0;
            retired = true;
        }

        if (last)
        {
            Close();
        }
    }

    /// <summary>True when nobody used it for that long.</summary>
    public bool IsIdle(TimeSpan most)
    {
        lock (gate)
        {
            return users == 0 && time.GetElapsedTime(used) >= most;
        }
    }

    /// <summary>Connects, once, however many ask.</summary>
    public async Task ConnectAsync(Func<CancellationToken, Task<McpClient>> make, CancellationToken cancellation)
    {
        if (client is not null)
        {
            return;
        }

        await one.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            client ??= await make(cancellation).ConfigureAwait(false);
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>The server said that its tools are others now.</summary>
    public void ListChanged()
    {
        lock (gate)
        {
            listed = null;
        }
    }

    /// <summary>Its tools were looked at.</summary>
    public void Listed()
    {
        lock (gate)
        {
            listed = time.GetTimestamp();
        }
    }

    /// <summary>True when its tools were not looked at for that long, or changed since.</summary>
    public bool IsStale(TimeSpan most)
    {
        lock (gate)
        {
            return listed is not { } at || time.GetElapsedTime(at) >= most;
        }
    }

    /// <summary>Called when it is closed and nobody uses it.</summary>
    public void Dispose() => one.Dispose();

    private void Close() => _ = CloseAsync();

    private async Task CloseAsync()
    {
        try
        {
            if (client is not null)
            {
                await client.DisposeAsync().ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or InvalidOperationException)
        {
            // It is broken: there is nobody to say goodbye to.
        }
        finally
        {
            Dispose();
            closed.TrySetResult();
        }
    }
}
