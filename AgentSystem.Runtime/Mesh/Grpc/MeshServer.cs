using System.Security.Authentication;
using AgentSystem.Runtime.Mesh.Peers;
using AgentSystem.Runtime.Mesh.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ProtoBuf.Grpc.Server;

namespace AgentSystem.Runtime.Mesh.Grpc;

/// <summary>Serves roles to others: on a port of its own, over TLS 1.3, to processes with a certificate of the same authority.</summary>
public static class MeshServer
{
    /// <summary>Listens for calls of roles beside the host's own addresses. Does nothing where no address for it is set.</summary>
    public static void ListenForRoles(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (MeshPlan.Url(builder.Configuration) is not { } url)
        {
            return;
        }

        builder.Services.AddCodeFirstGrpc(static grpc => grpc.Interceptors.Add<ServedCalls>());
        builder.Services.AddSingleton(MeshBinder.Configuration);
        builder.Services.AddOptions<global::Grpc.AspNetCore.Server.GrpcServiceOptions>().Configure<IOptions<MeshCallOptions>>(static (grpc, calls) =>
            (grpc.MaxReceiveMessageSize, grpc.MaxSendMessageSize) = (calls.Value.MaxMessageBytes, calls.Value.MaxMessageBytes));
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<MeshServeOptions>>(static (host, serve) => host.ShutdownTimeout = serve.Value.Drain);
        builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, $"{builder.Configuration[WebHostDefaults.ServerUrlsKey] ?? "http://127.0.0.1:0"};{url}");
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.ConfigureHttpsDefaults(https =>
        {
            var identity = kestrel.ApplicationServices.GetRequiredService<MeshIdentity>();
            https.SslProtocols = SslProtocols.Tls13;
            https.ServerCertificateSelector = (_, _) => identity.Certificate;
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            https.ClientCertificateValidation = (certificate, _, _) => identity.Trusted(certificate, PeerTrust.Calls).Count > 0;
        }));
    }

    /// <summary>Maps the roles that were added and are served.</summary>
    public static void MapRoles(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        foreach (var role in app.Services.GetServices<ServedRole>())
        {
            role.Map(app);
        }
    }

    internal static ServedRole Of<TImplementation>(string role)
        where TImplementation : class => new(role, static routes => routes.MapGrpcService<TImplementation>());
}

/// <summary>A role this process serves to others.</summary>
/// <param name="Role">Its name.</param>
/// <param name="Map">Gives it its routes.</param>
internal sealed record ServedRole(string Role, Action<IEndpointRouteBuilder> Map);
