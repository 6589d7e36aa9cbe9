using System.Data.Common;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Threats.Containment;

namespace AgentSystem.Api.Http;

/// <summary>Begins a <see cref="KeyWatch"/> over each stream.</summary>
internal sealed class KeyWatches(KeyAuthenticator keys, ContainmentBoard containment, TimeProvider time)
{
    /// <summary>Watches the key of a request until it is disposed.</summary>
    public KeyWatch Over(HttpContext http) => new(http, keys, containment, time);
}

/// <summary>
/// Asks again and again, while a stream is under way, whether its key is still good: a request is authenticated once and may last for an hour. Together with
/// <see cref="KeyAuthenticator.Trust"/> a stream ends within 5 seconds of its key's end.
/// </summary>
internal sealed class KeyWatch : IAsyncDisposable
{
    /// <summary>How often it asks.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource ended;
    private readonly CancellationTokenSource done = new();
    private readonly Task watching;

    internal KeyWatch(HttpContext http, KeyAuthenticator keys, ContainmentBoard containment, TimeProvider time)
    {
        ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        watching = KeyAuthenticationHandler.SecretOf(http.Request) is { } secret ? WatchAsync(secret, keys, containment, time) : Task.CompletedTask;
    }

    /// <summary>What the client is told.</summary>
    public static RunFailure Revoked { get; } =
        new(401, "authentication_error", "key_revoked", "The key was revoked, has expired or was put in quarantine while this stream was under way; go on with another key.");

    /// <summary>Fires when the key has ended, or the client has left.</summary>
    public CancellationToken Token => ended.Token;

    /// <summary>True once the key has ended.</summary>
    public bool IsRevoked { get; private set; }

    /// <summary>What a run came to that was stopped: the client is there and is told why.</summary>
    public RunResult Explain(RunResult result) => IsRevoked && result.Failure == RunFailure.ClientGone ? result with { Failure = Revoked } : result;

    public async ValueTask DisposeAsync()
    {
        await done.CancelAsync();
        await watching;
        ended.Dispose();
        done.Dispose();
    }

    private async Task WatchAsync(string secret, KeyAuthenticator keys, ContainmentBoard containment, TimeProvider time)
    {
        using var tick = new PeriodicTimer(Every, time);
        while (!done.IsCancellationRequested)
        {
            try
            {
                await tick.WaitForNextTickAsync(done.Token);
                if ((await keys.AuthenticateAsync(secret, done.Token)).Caller is not { } caller || containment.Current.StopsKey(caller.Tenant, caller.KeyId) is not null)
                {
                    IsRevoked = true;
                    await ended.CancelAsync();
                    return;
                }
            }
            catch (OperationCanceledException) when (done.IsCancellationRequested)
            {
                return;
            }
            catch (Exception away) when (away is DbException or TimeoutException or IOException)
            {
                // The store does not answer: the key was good a moment ago, and the next look follows.
            }
        }
    }
}
