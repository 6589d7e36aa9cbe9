using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AgentSystem.Runtime.Mesh.Tls;

/// <summary>
/// An authority for one machine: made at the first start in a folder that only its owner can read, found again by every other process there. Whoever can read the folder can be any role, so it is
/// for a laptop and for tests; a cluster gives files.
/// </summary>
internal static class DevelopmentAuthority
{
    /// <summary>How long a process's certificate is in force; a new one is made when two thirds are over.</summary>
    public static readonly TimeSpan LeafLife = TimeSpan.FromHours(24);

    // Clocks of two machines differ a little.
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan AuthorityLife = TimeSpan.FromDays(3650);
    private const int SerialBytes = 16;
    private const int SpinWaits = 20_000;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The authority of a folder, made if there is none. Several processes may come at once; one makes it.</summary>
    public static X509Certificate2 Open(string folder, DateTimeOffset now)
    {
        CreateFolder(folder);
        using var turn = Turn(Path.Combine(folder, "ca.lock"));
        var (certificate, key) = (Path.Combine(folder, "ca.crt"), Path.Combine(folder, "ca.key"));
        if (!File.Exists(certificate) || !File.Exists(key))
        {
            using var made = Make(now);
            Write(key, made.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
            Write(certificate, made.ExportCertificatePem());
        }

        return X509Certificate2.CreateFromPemFile(certificate, key);
    }

    /// <summary>A certificate with a fresh key for a process with these names.</summary>
    public static X509Certificate2 Issue(X509Certificate2 authority, IReadOnlyCollection<string> names, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={string.Join(' ', names)}, O=AgentSystem", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(PeerTrust.Serves), new Oid(PeerTrust.Calls)], false));
        request.CertificateExtensions.Add(PeerNames.Extension(names));
        using var signed = request.Create(authority, now - Skew, now + LeafLife, RandomNumberGenerator.GetBytes(SerialBytes));
        return signed.CopyWithPrivateKey(key);
    }

    private static X509Certificate2 Make(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=AgentSystem development authority, O=AgentSystem", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.CreateSelfSigned(now - Skew, now + AuthorityLife);
    }

    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    private static void Write(string path, string text)
    {
        // Written whole beside its place: a process that dies in between leaves no half of a key.
        var half = path + ".new";
        File.Delete(half);
        using (var file = new FileStream(half, Create(FileMode.CreateNew)))
        using (var writer = new StreamWriter(file))
        {
            writer.Write(text);
        }

        File.Move(half, path, overwrite: true);
    }

    /// <summary>The only process that makes an authority at a time.</summary>
    private static FileStream Turn(string path)
    {
        for (var patience = SpinWaits; ; patience--)
        {
            try
            {
                return new FileStream(path, Create(FileMode.OpenOrCreate));
            }
            catch (IOException) when (patience > 0)
            {
                // Somebody else is at it; that takes milliseconds.
                Thread.Yield();
                Thread.SpinWait(SpinWaits);
            }
        }
    }

    private static FileStreamOptions Create(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return options;
    }
}
