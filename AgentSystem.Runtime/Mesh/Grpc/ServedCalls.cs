using System.Globalization;
using AgentSystem.Contracts.Roles;
using AgentSystem.Runtime.Mesh.Tls;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Mesh.Grpc;

/// <summary>Every call of a role passes here: who calls is proved and may, the process is not ending, the request is of the tenant it came for; it acts in the caller's scope; a failure is told as one.</summary>
internal sealed partial class ServedCalls(MeshIdentity identity, CallsInHand inHand, IOptions<MeshServeOptions> options, IHostApplicationLifetime lifetime, ILogger<ServedCalls> log) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        var role = Admit(request, context);
        using var call = inHand.Enter();
        using var scope = MeshScope.Begin(MeshHeaders.Read(context.RequestHeaders, context.Deadline));
        await TellLoadAsync(context).ConfigureAwait(false);
        try
        {
            return await continuation(request, context).ConfigureAwait(false);
        }
        catch (Exception e) when (!context.CancellationToken.IsCancellationRequested)
        {
            throw Told(role, e);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        var role = Admit(request, context);
        using var call = inHand.Enter();
        using var scope = MeshScope.Begin(MeshHeaders.Read(context.RequestHeaders, context.Deadline));
        await TellLoadAsync(context).ConfigureAwait(false);
        try
        {
            await continuation(request, responseStream, context).ConfigureAwait(false);
        }
        catch (Exception e) when (!context.CancellationToken.IsCancellationRequested)
        {
            throw Told(role, e);
        }
    }

    private string Admit<TRequest>(TRequest request, ServerCallContext context)
    {
        // "/agentsystem.roles.v1.memory/Recall"
        var role = MeshBinder.Role(context.Method.Split('/')[1]) ?? throw new RpcException(new Status(StatusCode.Unimplemented, "There is no such role."));
        var names = identity.Caller(context.GetHttpContext().Connection.ClientCertificate);
        if (!PeerRules.MayCall(names, role))
        {
            LogRefused(role, names.Count == 0 ? "nobody" : string.Join(' ', names));
            throw MeshFailures.Status(role, RoleFailure.Refused);
        }

        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw MeshFailures.Status(role, RoleFailure.Full);
        }

        if (request is IForTenant { Tenant: var tenant } && (tenant.Length == 0 || MeshHeaders.Read(context.RequestHeaders, context.Deadline).Tenant != tenant))
        {
            LogOtherTenant(role, string.Join(' ', names));
            throw MeshFailures.Status(role, RoleFailure.Refused);
        }

        return role;
    }

    private Task TellLoadAsync(ServerCallContext context) =>
        context.WriteResponseHeadersAsync(new Metadata { { MeshHeaders.Load, (inHand.Count * 64.0 / options.Value.Capacity).ToString("0.###", CultureInfo.InvariantCulture) } });

    private RpcException Told(string role, Exception failed)
    {
        if (MeshFailures.Write(role, failed) is { } expected)
        {
            return expected;
        }

        LogBroken(failed, role);
        return MeshFailures.Status(role, RoleFailure.Failed);
    }

    [LoggerMessage(LogLevel.Warning, "A call of the role {Role} was refused: {Names} may not call it")]
    private partial void LogRefused(string role, string names);

    [LoggerMessage(LogLevel.Warning, "A call of the role {Role} from {Names} was refused: its request is of another tenant than its caller")]
    private partial void LogOtherTenant(string role, string names);

    [LoggerMessage(LogLevel.Error, "A call of the role {Role} failed unexpectedly")]
    private partial void LogBroken(Exception exception, string role);
}
