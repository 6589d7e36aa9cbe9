using AgentSystem.Runtime.Resilience;

namespace AgentSystem.Runtime.Mesh.Peers;

/// <summary>One process of a role as this one sees it: its load, whether it can be offered calls, and the way to it.</summary>
/// <param name="address">Where it is.</param>
/// <param name="guard">Its breaker.</param>
/// <param name="channel">What calls go through; disposed with the last call once the peer is retired.</param>
/// <param name="longest">Longest pause after failures.</param>
/// <param name="time">What pauses are counted by.</param>
internal sealed class Peer(Uri address, PeerGuard guard, IDisposable channel, TimeSpan longest, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.5);

    private readonly Lock gate = new();
    private int inHand;
    private int failed;
    private bool retired;
    private DateTimeOffset rests;
    private double told;

    public Uri Address { get; } = address;

    public PeerGuard Guard { get; } = guard;

    public IDisposable Channel { get; } = channel;

    /// <summary>Calls of this process in hand, and what the peer itself said of its load with its last answer: others call it, too.</summary>
    public double Load
    {
        get
        {
            lock (gate)
            {
                return inHand + told;
            }
        }
    }

    /// <summary>True while it is not offered calls, because it could not be reached or broke off.</summary>
    public bool Rests
    {
        get
        {
            lock (gate)
            {
                return rests > time.GetUtcNow();
            }
        }
    }

    /// <summary>A call begins.</summary>
    public void Enter()
    {
        lock (gate)
        {
            inHand++;
        }
    }

    /// <summary>A call has ended, however it did.</summary>
    public void Leave()
    {
        bool last;
        lock (gate)
        {
            last = --inHand == 0 && retired;
        }

        if (last)
        {
            Channel.Dispose();
        }
    }

    /// <summary>It answered.</summary>
    /// <param name="load">What it said of its load, in calls; null: nothing.</param>
    public void Answered(double? load)
    {
        lock (gate)
        {
            (failed, rests) = (0, default);
            told = load ?? told;
        }
    }

    /// <summary>It could not be reached, or broke off: it rests, twice as long each time in a row.</summary>
    public void Failed()
    {
        lock (gate)
        {
            var pause = FirstPause * Math.Pow(2, Math.Min(failed, 16));
            failed++;
            told = 0;
            rests = time.GetUtcNow() + (pause < longest ? pause : longest);
        }
    }

    /// <summary>It is no longer among the addresses: calls in hand go on.</summary>
    public void Retire()
    {
        bool idle;
        lock (gate)
        {
            retired = true;
            idle = inHand == 0;
        }

        if (idle)
        {
            Channel.Dispose();
        }
    }
}
