using System.Collections.Concurrent;
using System.Net.Security;
using System.Reflection;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using AgentSystem.Contracts.Roles;
using AgentSystem.Runtime.Mesh.Peers;
using AgentSystem.Runtime.Mesh.Tls;
using AgentSystem.Runtime.Resilience;
using AgentSystem.Runtime.Routing;
using Grpc.Net.Client;
using Microsoft.Extensions.Options;
using ProtoBuf.Grpc.Client;
using ProtoBuf.Grpc.Configuration;

namespace AgentSystem.Runtime.Mesh.Grpc;

/// <summary>Makes clients of roles that are elsewhere. A connection is made to a process that proves the role by its certificate, whatever its address is called.</summary>
internal sealed class MeshClients(MeshPlan plan, MeshIdentity identity, PeerResilience resilience, MeshChoices choices, IOptions<MeshCallOptions> options, TimeProvider time) : IDisposable
{
    // A connection ends when its certificate may have, and new addresses are met by then.
    private static readonly TimeSpan ConnectionLife = TimeSpan.FromMinutes(10);
    private static readonly ClientFactory Factory = ClientFactory.Create(MeshBinder.Configuration);

    private readonly ConcurrentDictionary<string, PeerTable> tables = new(StringComparer.Ordinal);

    /// <summary>The client of a role's interface.</summary>
    public TService Create<TService>()
        where TService : class
    {
        var role = typeof(TService).GetCustomAttribute<RoleServiceAttribute>()!.Role;
        var table = tables.GetOrAdd(role, Open);
        return new MeshInvoker(role, MeshBinder.Idempotent(typeof(TService)), table, resilience, options.Value, time).CreateGrpcService<TService>(Factory);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var table in tables.Values)
        {
            table.Dispose();
        }
    }

    private PeerTable Open(string role) =>
        new(role, new PeerAddresses(plan.Addresses[role], PeerAddresses.LookUpAsync), address => Channel(role, address), choices.Choices, resilience, options.Value, time);

    private GrpcChannel Channel(string role, Uri address)
    {
        var calls = options.Value;
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectTimeout = calls.ConnectTimeout,
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = calls.KeepAlive,
            KeepAlivePingTimeout = calls.KeepAlive,
            PooledConnectionLifetime = ConnectionLife,
            SslOptions = new SslClientAuthenticationOptions
            {
                EnabledSslProtocols = SslProtocols.Tls13,
                LocalCertificateSelectionCallback = (_, _, _, _, _) => identity.Certificate,
                RemoteCertificateValidationCallback = (_, certificate, _, _) => identity.Trusted(certificate as X509Certificate2, PeerTrust.Serves).Contains(role),
            },
        };
        return GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            // A client of ours and no handler: the library would put connections and pauses of its own in between.
            HttpClient = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan },
            DisposeHttpClient = true,
            MaxReceiveMessageSize = calls.MaxMessageBytes,
            MaxSendMessageSize = calls.MaxMessageBytes,
        });
    }
}

/// <summary>The chance that picks processes; seeded, so that a test can repeat it.</summary>
internal sealed record MeshChoices(TwoChoices Choices);
