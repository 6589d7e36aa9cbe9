using AgentSystem.Contracts.Roles;
using AgentSystem.Runtime.Mesh.Peers;
using AgentSystem.Runtime.Resilience;
using Grpc.Core;
using Grpc.Net.Client;

namespace AgentSystem.Runtime.Mesh.Grpc;

/// <summary>
/// Sends the calls of one role: to the less loaded of two processes, with the caller's scope and remaining time, under the process's breaker. A call is tried elsewhere when nothing of it was carried
/// out; when that is not known, only if it may be made twice, and then out of the role's retry budget. A stream that has begun is never tried again.
/// </summary>
internal sealed class MeshInvoker(string role, IReadOnlySet<string> idempotent, PeerTable peers, PeerResilience resilience, MeshCallOptions options, TimeProvider time) : CallInvoker
{
    private readonly RetryBudget retries = resilience.Budget(role);

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions callOptions, TRequest request)
    {
        var reply = SendAsync(method, callOptions, request);
        return new AsyncUnaryCall<TResponse>(reply, Task.FromResult(Metadata.Empty), static () => Status.DefaultSuccess, static () => [], static () => { });
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions callOptions, TRequest request)
    {
        var stream = new MeshStream<TResponse>(token => BeginAsync(method, callOptions, request, token), role);
        return new AsyncServerStreamingCall<TResponse>(stream, Task.FromResult(Metadata.Empty), static () => Status.DefaultSuccess, static () => [], stream.Dispose);
    }

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions callOptions, TRequest request) =>
        throw new NotSupportedException("Contracts of roles have asynchronous methods only.");

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions callOptions) =>
        throw new NotSupportedException("Contracts of roles have no streams of requests.");

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions callOptions) =>
        throw new NotSupportedException("Contracts of roles have no streams of requests.");

    private async Task<TResponse> SendAsync<TRequest, TResponse>(Method<TRequest, TResponse> method, CallOptions callOptions, TRequest request)
        where TRequest : class
        where TResponse : class
    {
        var limit = time.GetUtcNow() + options.Timeout;
        return await TryAsync(
            method.Name,
            async (peer, token) =>
            {
                using var call = Invoker(peer).AsyncUnaryCall(method, null, Complete(callOptions, request, limit), request);
                var reply = await call.ResponseAsync.ConfigureAwait(false);
                peer.Answered(MeshHeaders.ReadLoad(await call.ResponseHeadersAsync.ConfigureAwait(false)));
                peer.Leave();
                return reply;
            },
            callOptions.CancellationToken).ConfigureAwait(false);
    }

    private Task<MeshAnswer<TResponse>> BeginAsync<TRequest, TResponse>(Method<TRequest, TResponse> method, CallOptions callOptions, TRequest request, CancellationToken cancellation)
        where TRequest : class
        where TResponse : class =>
        TryAsync(
            method.Name,
            async (peer, token) =>
            {
                var call = Invoker(peer).AsyncServerStreamingCall(method, null, Complete(callOptions, request, null), request);
                try
                {
                    var any = await call.ResponseStream.MoveNext(token).ConfigureAwait(false);
                    peer.Answered(MeshHeaders.ReadLoad(await call.ResponseHeadersAsync.ConfigureAwait(false)));
                    return new MeshAnswer<TResponse>(call, peer, any);
                }
                catch
                {
                    call.Dispose();
                    throw;
                }
            },
            cancellation);

    /// <summary>Makes attempts until one begins to answer. The attempt leaves its peer when it is over; one that fails has left it here.</summary>
    private async Task<T> TryAsync<T>(string method, Func<Peer, CancellationToken, ValueTask<T>> attempt, CancellationToken cancellation)
    {
        var asked = new List<Peer>();
        RoleCallException? first = null;
        retries.Called();
        while (true)
        {
            Peer peer;
            try
            {
                peer = await peers.PickAsync(asked, cancellation).ConfigureAwait(false);
            }
            catch (RoleCallException) when (first is not null)
            {
                throw first;
            }

            peer.Enter();
            try
            {
                return await peer.Guard.ExecuteAsync(role, token => AttemptAsync(peer, attempt, token, cancellation), cancellation).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                peer.Leave();
                if (e is not RoleCallException failed || cancellation.IsCancellationRequested)
                {
                    throw;
                }

                asked.Add(peer);
                // What was certainly not carried out costs no retry: each process is asked once at most.
                if (asked.Count >= resilience.MaxAttempts || !(failed.NotStarted || (MayRepeat(method, failed) && retries.TryRetry())))
                {
                    throw;
                }

                first ??= failed;
            }
        }
    }

    private bool MayRepeat(string method, RoleCallException failed) => failed.Failure is RoleFailure.Broken && idempotent.Contains(method);

    private async ValueTask<T> AttemptAsync<T>(Peer peer, Func<Peer, CancellationToken, ValueTask<T>> attempt, CancellationToken breaker, CancellationToken cancellation)
    {
        try
        {
            return await attempt(peer, breaker).ConfigureAwait(false);
        }
        catch (RpcException e) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException("The caller gave the call up.", e, cancellation);
        }
        catch (RpcException e)
        {
            var failed = MeshFailures.Read(role, e);
            if (failed.Failure is RoleFailure.Away or RoleFailure.Broken)
            {
                peer.Failed();
            }

            throw failed;
        }
    }

    /// <summary>The caller's scope, and the earlier of its deadline and the limit.</summary>
    private static CallOptions Complete<TRequest>(CallOptions callOptions, TRequest request, DateTimeOffset? limit)
    {
        var scope = MeshScope.Current;
        var deadline = scope?.Deadline is { } own && !(limit < own) ? own : limit;
        var complete = callOptions.WithHeaders(MeshHeaders.Write(scope, (request as IForTenant)?.Tenant));
        return deadline is { } at ? complete.WithDeadline(at.UtcDateTime) : complete;
    }

    private static CallInvoker Invoker(Peer peer) => ((GrpcChannel)peer.Channel).CreateCallInvoker();
}

/// <summary>A stream that has begun.</summary>
/// <param name="Call">The call.</param>
/// <param name="Peer">Who answers.</param>
/// <param name="Any">True when its first message is there; false when it ended without one.</param>
internal sealed record MeshAnswer<T>(AsyncServerStreamingCall<T> Call, Peer Peer, bool Any);
