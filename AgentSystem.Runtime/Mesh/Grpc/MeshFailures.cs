using System.Data.Common;
using System.Net.Http;
using AgentSystem.Contracts.Roles;
using Grpc.Core;

namespace AgentSystem.Runtime.Mesh.Grpc;

/// <summary>What a failure is on the wire, and what one from the wire means. Messages hold nothing of the call.</summary>
internal static class MeshFailures
{
    /// <summary>A status as whoever called shall see it.</summary>
    public static RoleCallException Read(string role, RpcException wire)
    {
        var failure = Enum.TryParse<RoleFailure>(wire.Trailers.GetValue(MeshHeaders.Failure), out var told) ? told : Guess(wire);
        return new RoleCallException(role, failure, Say(role, failure), wire);
    }

    /// <summary>An exception of a role as its caller shall hear of it; null when it is a defect.</summary>
    public static RpcException? Write(string role, Exception failed) => failed switch
    {
        RpcException known => known,
        RoleCallException own when own.Role == role => Status(role, own.Failure),
        RoleCallException { Failure: RoleFailure.Refused or RoleFailure.Failed } => null,
        RoleCallException { Failure: RoleFailure.Late } => Status(role, RoleFailure.Late),
        // What this role had done before it called another is not known to whoever called it.
        RoleCallException => Status(role, RoleFailure.Lacking),
        DbException => Status(role, RoleFailure.StoreAway),
        ArgumentException => Status(role, RoleFailure.Refused),
        _ => null,
    };

    /// <summary>A failure as a status with its trailer.</summary>
    public static RpcException Status(string role, RoleFailure failure) => new(
        new Status(
            failure switch
            {
                RoleFailure.Refused => StatusCode.PermissionDenied,
                RoleFailure.Failed => StatusCode.Internal,
                RoleFailure.Late => StatusCode.DeadlineExceeded,
                _ => StatusCode.Unavailable,
            },
            Say(role, failure)),
        new Metadata { { MeshHeaders.Failure, failure.ToString() } });

    private static RoleFailure Guess(RpcException wire) => wire.StatusCode switch
    {
        // Whatever status the library gives it: no connection, so nothing was sent.
        _ when wire.Status.DebugException is { } cause && WasNeverSent(cause) => RoleFailure.Away,
        StatusCode.DeadlineExceeded => RoleFailure.Late,
        // A process of another version, or of another role.
        StatusCode.Unimplemented => RoleFailure.Away,
        StatusCode.Unauthenticated or StatusCode.PermissionDenied or StatusCode.InvalidArgument => RoleFailure.Refused,
        // A process that was killed: what it had begun is not known.
        StatusCode.Unavailable or StatusCode.Cancelled or StatusCode.Internal or StatusCode.Unknown => RoleFailure.Broken,
        _ => RoleFailure.Failed,
    };

    private static bool WasNeverSent(Exception cause) => cause is HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError or HttpRequestError.VersionNegotiationError,
    } || (cause is AggregateException several && several.InnerExceptions.All(WasNeverSent)) || TookTooLongToConnect(cause);

    /// <summary>The handler gives a connection up by a cancellation that holds a time-out; the deadline of a call and its caller's wish hold none.</summary>
    private static bool TookTooLongToConnect(Exception cause) =>
        cause is OperationCanceledException && (cause.InnerException is TimeoutException || (cause.InnerException is { } inner && TookTooLongToConnect(inner)));

    private static string Say(string role, RoleFailure failure) => failure switch
    {
        RoleFailure.Away => $"No process of the role {role} can be reached at the moment; try again shortly.",
        RoleFailure.Full => $"The process of the role {role} is ending, draining or full and takes no more; try again shortly.",
        RoleFailure.Lacking => $"Another role that the role {role} needs is away at the moment; try again shortly.",
        RoleFailure.Broken => $"The connection to the role {role} broke off in the middle of the call; what it had begun may have been done.",
        RoleFailure.Late => $"The role {role} did not answer in time.",
        RoleFailure.StoreAway => $"The database of the role {role} does not answer at the moment; try again shortly.",
        RoleFailure.Refused => $"The role {role} refused the call; its log says why.",
        _ => $"Something went wrong in the role {role}; its log says what.",
    };
}
