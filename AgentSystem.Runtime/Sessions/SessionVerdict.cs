using AgentSystem.Contracts.Sessions;

namespace AgentSystem.Runtime.Sessions;

/// <summary>What became of a change: exactly one of the two is set.</summary>
/// <param name="Replayed">True when an earlier request with the same id had done it.</param>
public sealed record SessionVerdict(StateUpdated? Done, SessionRefusal? Refusal, bool Replayed = false)
{
    internal static SessionVerdict Of(SessionRefusal refusal) => new(null, refusal);

    /// <summary>For a request whose answer is there already.</summary>
    /// <param name="request">The request.</param>
    /// <param name="body">What the first one with its id asked.</param>
    /// <param name="answer">What that one was told.</param>
    internal static SessionVerdict Repeat(RepeatedRequest request, byte[] body, StateUpdated answer) =>
        body.AsSpan().SequenceEqual(request.Body) ? new SessionVerdict(answer, null, Replayed: true) : Of(SessionRefusal.KeyReused);
}

/// <summary>Why a change was not made, with what helps.</summary>
/// <param name="Status">The HTTP status it means.</param>
/// <param name="Code">For programs.</param>
/// <param name="Message">For people; names the cure.</param>
/// <param name="Member">The member at fault.</param>
/// <param name="RetryAfter">When asking again may help.</param>
/// <param name="Version">The session's version, where it is the reason; 0: there is no session.</param>
public sealed record SessionRefusal(int Status, string Code, string Message, string? Member = null, TimeSpan? RetryAfter = null, long? Version = null)
{
    private static readonly TimeSpan Shortly = TimeSpan.FromSeconds(1);

    /// <summary>The same for all reasons: no such session, another tenant's, another user's.</summary>
    public static SessionRefusal NotFound(SessionName name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new(404, "session_not_found", $"Agent \"{name.Agent}\" has no session \"{name.Session}\"; a PATCH with updates begins one.", "session");
    }

    /// <summary>The session has no such key.</summary>
    public static SessionRefusal KeyNotFound(SessionName name, string key)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new(404, "key_not_found", $"Session \"{name.Session}\" of agent \"{name.Agent}\" has no key \"{key}\".", "key");
    }

    /// <summary>Somebody else was faster.</summary>
    internal static SessionRefusal WrongVersion(long current) => new(
        412, "version_mismatch", current == 0 ? "There is no such session any more; leave out If-Match to begin one." : $"The session is at version {current} now; read it again and repeat the change on top of it, or name a rule in \"on_conflict\".", "If-Match", Version: current);

    /// <summary>A strategy meets a value it cannot change.</summary>
    internal static SessionRefusal Misfit(int index, KeyChange change, string found) => new(
        422, "strategy_mismatch",
        change.Action == KeyAction.Merge
            ? $"\"merge\" needs an object on both sides, and {found}; send an object, or \"strategy\":\"replace\"."
            : $"\"append\" needs a list on both sides, and {found}; send a list, or \"strategy\":\"replace\".",
        $"updates[{index}].value");

    /// <summary>The session would grow beyond what is allowed.</summary>
    internal static SessionRefusal OverLimit(string message, string member) => new(422, "state_limit", message, member);

    /// <summary>One idempotency key, two different bodies.</summary>
    internal static SessionRefusal KeyReused { get; } = new(422, "idempotency_key_reused", "This Idempotency-Key was used with another body; give each change a key of its own.", "Idempotency-Key");

    /// <summary>More changes wait than are taken.</summary>
    internal static SessionRefusal Busy { get; } = new(503, "state_busy", "Too many updates wait for their commit; try again shortly. Nothing was changed.", RetryAfter: Shortly);

    /// <summary>The commit's answer was lost, and whether it stands could not be found out. Never said of a change that is known to have failed.</summary>
    internal static SessionRefusal Unknown(string transaction) => new(
        503, "outcome_unknown", $"Whether update {transaction} is kept is not known: its commit was not confirmed in time. Repeat it with the same Idempotency-Key, or read the session's version before sending it again.", RetryAfter: Shortly);
}
