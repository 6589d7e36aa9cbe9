using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Security;

namespace AgentSystem.Api.Identity;

/// <summary>Either who is calling, or why nobody is let in.</summary>
internal sealed record Verdict(Caller? Caller, RunFailure? Failure)
{
    /// <summary>True when the credential itself is bad; false while it cannot be told because somebody does not answer.</summary>
    public bool IsRefused => Failure is { Status: < 500 };

    /// <summary>Nobody is let in with this credential.</summary>
    public static Verdict Refused(string code, string reason) => new(null, new RunFailure(401, "authentication_error", code, reason));

    /// <summary>Whoever it is, it is not told here what they may do.</summary>
    public static Verdict Forbidden(string code, string reason) => new(null, RunFailure.Forbidden(code, reason));

    /// <summary>It cannot be told at the moment.</summary>
    public static Verdict Away(string code, string reason, TimeSpan retry) => new(null, new RunFailure(503, "server_error", code, reason, RetryAfter: retry));

    /// <summary>What became of a key.</summary>
    public static Verdict Of(KeyVerdict key) => key switch
    {
        { Caller: { } caller } => new Verdict(caller, null),
        { RetryAfter: { } wait } => Away("store_unavailable", key.Reason!, wait),
        _ => Refused("invalid_api_key", key.Reason!),
    };
}
