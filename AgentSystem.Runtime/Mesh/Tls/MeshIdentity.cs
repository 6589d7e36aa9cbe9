using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace AgentSystem.Runtime.Mesh.Tls;

/// <summary>Who this process is to others, and whom it trusts: the certificate of the moment, asked for at each handshake, so that a new one is used without a restart.</summary>
internal sealed partial class MeshIdentity : IDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    private readonly MeshTlsOptions options;
    private readonly IReadOnlyList<string> names;
    private readonly TimeProvider time;
    private readonly ILogger<MeshIdentity> log;
    private readonly Lock gate = new();
    private readonly List<X509Certificate2> old = [];
    private readonly ConditionalWeakTable<X509Certificate2, IReadOnlyList<string>> callers = [];
    private X509Certificate2? authority;
    private Credentials? current;
    private DateTimeOffset looked;

    /// <param name="options">Where certificates are.</param>
    /// <param name="names">The names of this process, for an authority that makes its certificate.</param>
    /// <param name="time">What certificates end by.</param>
    /// <param name="log">Told of new ones, and of files that cannot be read.</param>
    public MeshIdentity(MeshTlsOptions options, IReadOnlyList<string> names, TimeProvider time, ILogger<MeshIdentity> log) =>
        (this.options, this.names, this.time, this.log) = (options, names, time, log);

    /// <summary>The certificate this process shows, with its key.</summary>
    public X509Certificate2 Certificate => Now().Certificate;

    /// <summary>The names a peer has proved with its certificate; none when it is not trusted.</summary>
    /// <param name="peer">What it showed.</param>
    /// <param name="usage">One of <see cref="PeerTrust"/>'s.</param>
    public IReadOnlyList<string> Trusted(X509Certificate2? peer, string usage) =>
        peer is not null && PeerTrust.Holds(peer, Now().Authorities, usage, time.GetUtcNow()) ? PeerNames.Of(peer) : [];

    /// <summary>The same for the caller of a connection that passed the handshake: its chain was built then, and once for each connection is enough. Its end counts at every call.</summary>
    public IReadOnlyList<string> Caller(X509Certificate2? peer)
    {
        if (peer is null || peer.NotAfter.ToUniversalTime() <= time.GetUtcNow().UtcDateTime)
        {
            return [];
        }

        return callers.GetValue(peer, one => Trusted(one, PeerTrust.Calls));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            current?.Certificate.Dispose();
            authority?.Dispose();
            old.ForEach(static each => each.Dispose());
        }
    }

    private Credentials Now()
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            if (current is null || now - looked >= LookAgain)
            {
                looked = now;
                Renew(now);
            }

            return current!;
        }
    }

    private void Renew(DateTimeOffset now)
    {
        try
        {
            var renewed = options.Certificate is null ? FromAuthority(now) : FromFiles();
            if (renewed is null)
            {
                return;
            }

            if (current is { } before)
            {
                // A handshake under way may still hold it.
                old.Add(before.Certificate);
            }

            current = renewed;
            LogRenewed(string.Join(' ', PeerNames.Of(renewed.Certificate)), renewed.Certificate.NotAfter.ToUniversalTime());
        }
        catch (Exception e) when (current is not null && e is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            // Files are replaced one after the other: for a moment they may not fit together.
            LogKept(e);
        }
    }

    private Credentials? FromAuthority(DateTimeOffset now)
    {
        authority ??= DevelopmentAuthority.Open(MeshFolder.Of(options), now);
        if (current is { } held && held.Certificate.NotAfter.ToUniversalTime() - now.UtcDateTime > DevelopmentAuthority.LeafLife / 3)
        {
            return null;
        }

        return new Credentials(DevelopmentAuthority.Issue(authority, names, now), [authority], "");
    }

    private Credentials? FromFiles()
    {
        var (certificate, key, ca) = (File.ReadAllText(options.Certificate!), File.ReadAllText(options.Key!), File.ReadAllText(options.Ca!));
        var whole = certificate + key + ca;
        if (current?.Files == whole)
        {
            return null;
        }

        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(ca);
        return new Credentials(X509Certificate2.CreateFromPem(certificate, key), authorities, whole);
    }

    private sealed record Credentials(X509Certificate2 Certificate, X509Certificate2Collection Authorities, string Files);

    [LoggerMessage(LogLevel.Information, "This process is {Names} to the others until {End:u}")]
    private partial void LogRenewed(string names, DateTime end);

    [LoggerMessage(LogLevel.Warning, "The certificate files could not be read again; the one read before is used on")]
    private partial void LogKept(Exception exception);
}
