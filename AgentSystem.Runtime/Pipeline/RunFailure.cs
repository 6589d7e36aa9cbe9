using System.Data.Common;
using AgentSystem.Contracts.Roles;
using AgentSystem.Runtime.Resilience;

namespace AgentSystem.Runtime.Pipeline;

/// <summary>An expected failure, with its consequences decided where it is born.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Type">The OpenAI error type, e.g. <c>invalid_request_error</c>.</param>
/// <param name="Code">Stable code for programs.</param>
/// <param name="Message">For people; names the cure.</param>
/// <param name="Param">The request member it is about.</param>
/// <param name="RetryAfter">When trying again makes sense; null when it does not.</param>
public sealed record RunFailure(int Status, string Type, string Code, string Message, string? Param = null, TimeSpan? RetryAfter = null)
{
    /// <summary>SQLSTATE <c>disk_full</c>.</summary>
    private const string DiskFull = "53100";

    /// <summary>True when a client must not try again by itself, whatever the status: <c>x-should-retry: false</c>.</summary>
    public bool NeverRetry { get; init; }

    /// <summary>What a failed model call means for the request.</summary>
    public static RunFailure OfModel(ModelFailure failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return failure.Code == ModelFailure.BudgetExceeded
            // OpenAI's own type for money that has run out: its clients know not to try again.
            ? new RunFailure(failure.Status, "insufficient_quota", failure.Code, failure.Message, RetryAfter: failure.RetryAfter) { NeverRetry = true }
            : new RunFailure(failure.Status, failure.Status < 500 ? "invalid_request_error" : "server_error", failure.Code, failure.Message, RetryAfter: failure.RetryAfter);
    }

    /// <summary>What a failed call of a role means for the request.</summary>
    public static RunFailure OfRole(RoleCallException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return new RunFailure(failure.Status, "server_error", failure.Code, failure.Message, RetryAfter: failure.RetryAfter);
    }

    /// <summary>The client hung up: nobody reads the answer.</summary>
    public static RunFailure ClientGone { get; } = new(499, "client_error", "client_closed_request", "The client closed the connection.");

    /// <summary>The execution of a durable run ended before the run did: it waits for a person, was cancelled, or goes on elsewhere. Nobody is told this.</summary>
    public static RunFailure RunStopped { get; } = new(499, "client_error", "run_stopped", "The execution stopped before the run's end.");

    /// <summary>The database does not answer; nothing was done that a second request would do twice.</summary>
    public static RunFailure StoreAway { get; } = new(503, "server_error", "store_unavailable", "The database does not answer at the moment; try again shortly.", RetryAfter: TimeSpan.FromSeconds(2));

    /// <summary>The database has no room on its disk. Reading goes on.</summary>
    public static RunFailure StoreFull { get; } = new(
        503, "server_error", "store_full", "The database has no room left on its disk, so this could not be kept; try again when an operator has made room.", RetryAfter: TimeSpan.FromSeconds(30));

    /// <summary>What a store's exception means: class 22 of SQLSTATE is data it cannot keep, which is the caller's; 53100 a full disk; everything else is the store's own trouble.</summary>
    public static RunFailure OfStore(DbException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception.SqlState?.StartsWith("22", StringComparison.Ordinal) == true
            ? Invalid("invalid_value", "A value holds a character that cannot be kept, such as U+0000; leave it out.")
            : exception.SqlState == DiskFull ? StoreFull : StoreAway;
    }

    /// <summary>The request is wrong; sending it again changes nothing.</summary>
    public static RunFailure Invalid(string code, string message, string? param = null) => new(400, "invalid_request_error", code, message, param);

    /// <summary>The caller may not do this.</summary>
    public static RunFailure Forbidden(string code, string message, string? param = null) => new(403, "permission_error", code, message, param);

    /// <summary>There is no such thing, or the caller may not know of it.</summary>
    public static RunFailure NotFound(string code, string message, string? param = null) => new(404, "invalid_request_error", code, message, param);
}
