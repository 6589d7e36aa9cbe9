using System.Net.Sockets;
using AgentSystem.Contracts.Roles;
using AgentSystem.Runtime.Resilience;
using AgentSystem.Runtime.Routing;

namespace AgentSystem.Runtime.Mesh.Peers;

/// <summary>The processes of one role, looked up again from time to time, and the choice among them.</summary>
/// <param name="role">The role.</param>
/// <param name="addresses">Where they are.</param>
/// <param name="open">Makes the way to one of them.</param>
/// <param name="choices">The choice.</param>
/// <param name="resilience">Their breakers.</param>
/// <param name="options">How often addresses are looked up.</param>
/// <param name="time">What that is counted by.</param>
internal sealed class PeerTable(
    string role, PeerAddresses addresses, Func<Uri, IDisposable> open, TwoChoices choices, PeerResilience resilience, MeshCallOptions options, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim looking = new(1, 1);
    private volatile IReadOnlyList<Peer> peers = [];
    private DateTimeOffset looked = DateTimeOffset.MinValue;

    /// <summary>A peer for a call: the less loaded of two that were not asked yet and do not rest; when all rest, one of them, so that one that is back is found at once.</summary>
    /// <param name="asked">Those this call was refused by.</param>
    /// <param name="cancellation">Ends the look-up.</param>
    /// <exception cref="RoleCallException">There is none, or all were asked.</exception>
    public async ValueTask<Peer> PickAsync(IReadOnlyCollection<Peer> asked, CancellationToken cancellation)
    {
        await RefreshAsync(cancellation).ConfigureAwait(false);
        var left = peers.Where(peer => !asked.Contains(peer)).ToList();
        var fit = left.Where(static peer => !peer.Rests).ToList();
        return choices.Pick(fit.Count > 0 ? fit : left, static peer => peer.Load) is { } picked
            ? picked
            : throw new RoleCallException(role, RoleFailure.Away, $"No process of the role {role} can be reached at the moment; try again shortly. Its addresses are those of {MeshPlan.Services}:{role}.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var peer in peers)
        {
            peer.Retire();
        }

        looking.Dispose();
    }

    private async ValueTask RefreshAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (peers.Count > 0 && (!addresses.MayChange || now - looked < options.Refresh))
        {
            return;
        }

        // Whoever has some need not wait for a look-up that somebody else is at.
        if (!await looking.WaitAsync(peers.Count > 0 ? TimeSpan.Zero : options.ConnectTimeout, cancellation).ConfigureAwait(false))
        {
            return;
        }

        try
        {
            if (peers.Count == 0 || now - looked >= options.Refresh)
            {
                Take(await addresses.FindAsync(cancellation).ConfigureAwait(false));
                looked = now;
            }
        }
        catch (SocketException)
        {
            // A name that has no address now: those known before are still tried, and the next call looks again.
            looked = now;
        }
        finally
        {
            looking.Release();
        }
    }

    private void Take(IReadOnlyList<Uri> found)
    {
        var before = peers.ToDictionary(static peer => peer.Address);
        peers = [.. found.Select(address => before.Remove(address, out var known) ? known : new Peer(address, resilience.For(role, address.Authority), open(address), options.LongestEjection, time))];
        foreach (var gone in before.Values)
        {
            resilience.Forget(role, gone.Address.Authority);
            gone.Retire();
        }
    }
}
