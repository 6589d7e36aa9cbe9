namespace AgentSystem.Contracts.Roles;

/// <summary>A role could not be called, or did not carry the call out. The message is for people, holds nothing of the call, and names the cure.</summary>
/// <param name="role">The role that was called.</param>
/// <param name="failure">What happened.</param>
/// <param name="message">For people.</param>
/// <param name="inner">What it was born of.</param>
public sealed class RoleCallException(string role, RoleFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The role that was called.</summary>
    public string Role { get; } = role;

    /// <summary>What happened.</summary>
    public RoleFailure Failure { get; } = failure;

    /// <summary>When trying again makes sense; null when it does not.</summary>
    public TimeSpan? RetryAfter => Failure is RoleFailure.Away or RoleFailure.Broken or RoleFailure.Full or RoleFailure.StoreAway or RoleFailure.Lacking ? TimeSpan.FromSeconds(2) : null;

    /// <summary>True when nothing of the call was carried out.</summary>
    public bool NotStarted => Failure is RoleFailure.Away or RoleFailure.Full;

    /// <summary>The word a client is told as the failure's code.</summary>
    public string Code => Failure switch
    {
        RoleFailure.Away or RoleFailure.Full or RoleFailure.Lacking => "role_unavailable",
        RoleFailure.Broken => "role_broke_off",
        RoleFailure.Late => "role_timeout",
        RoleFailure.StoreAway => "store_unavailable",
        RoleFailure.Refused => "role_refused",
        _ => "role_failed",
    };

    /// <summary>The HTTP status of it.</summary>
    public int Status => Failure switch
    {
        RoleFailure.Late => 504,
        RoleFailure.Failed or RoleFailure.Refused => 500,
        _ => 503,
    };
}

/// <summary>How a call of a role can fail.</summary>
public enum RoleFailure
{
    /// <summary>No process of the role could be reached; nothing was carried out.</summary>
    Away,

    /// <summary>It is ending, draining, full or resting behind its breaker; nothing was carried out.</summary>
    Full,

    /// <summary>The connection broke off in the middle; what was carried out is not known.</summary>
    Broken,

    /// <summary>The time of the caller was over first.</summary>
    Late,

    /// <summary>The role's database does not answer.</summary>
    StoreAway,

    /// <summary>Another role that this one needs is away; what it had begun is not known.</summary>
    Lacking,

    /// <summary>The role does not take this call from this process: a certificate, a tenant, a request that is wrong.</summary>
    Refused,

    /// <summary>A defect in the role.</summary>
    Failed,
}
