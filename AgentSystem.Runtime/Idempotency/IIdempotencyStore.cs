using AgentSystem.Runtime.Recordings;

namespace AgentSystem.Runtime.Idempotency;

/// <summary>Which requests were made under an idempotency key, and where their answers are recorded.</summary>
public interface IIdempotencyStore
{
    /// <summary>
    /// Takes the request for <paramref name="owner"/>, or says who has it. Of any number of callers at the same moment, in any process, exactly one gets <see cref="Claim.Taken"/>.
    /// A request whose recording failed, was abandoned, or is too old is taken over.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="owner">See <see cref="Recorder.Owner"/>: a recording is begun in its name.</param>
    /// <param name="cancellation">Ends the wait. Once it has begun, the request may have been taken all the same.</param>
    Task<Claim> ClaimAsync(IdempotentRequest request, string owner, CancellationToken cancellation);
}

/// <summary>A request that carries an idempotency key.</summary>
/// <param name="Tenant">Whose.</param>
/// <param name="Scope">32 bytes, see <see cref="RequestHash.Scope"/>.</param>
/// <param name="Body">32 bytes, see <see cref="RequestHash.Body"/>.</param>
/// <param name="User">On whose behalf it is, as runs name users: the recorded answer is erased with what else was said to them. Null where that is not known.</param>
public sealed record IdempotentRequest(string Tenant, byte[] Scope, byte[] Body, string? User = null);

/// <summary>Who has a request.</summary>
public abstract record Claim
{
    private Claim()
    {
    }

    /// <summary>The caller: it runs the request and writes this recording.</summary>
    public sealed record Taken(RecordingKey Recording) : Claim;

    /// <summary>Somebody ran it, or is running it now.</summary>
    public sealed record Recorded(RecordingKey Recording) : Claim;

    /// <summary>The key was used for another body.</summary>
    public sealed record OtherBody : Claim;
}
