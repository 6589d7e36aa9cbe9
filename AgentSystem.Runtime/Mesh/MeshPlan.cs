using AgentSystem.Contracts.Roles;
using AgentSystem.Runtime.Mesh.Peers;
using AgentSystem.Runtime.Mesh.Tls;
using Microsoft.Extensions.Configuration;

namespace AgentSystem.Runtime.Mesh;

/// <summary>Which roles this process serves, which it calls elsewhere, and which it simply is: a role without an address is in this process, as on a laptop.</summary>
/// <param name="Names">What this process is called by others: its roles, or <c>api</c>.</param>
/// <param name="Serves">Roles it serves to others; empty where it does not listen for any.</param>
/// <param name="Addresses">Where the roles are that it does not have, by role.</param>
public sealed record MeshPlan(IReadOnlyList<string> Names, IReadOnlyList<string> Serves, IReadOnlyDictionary<string, string> Addresses)
{
    /// <summary>Where the addresses stand.</summary>
    public const string Services = "Services";

    /// <summary>Everything is in this process.</summary>
    public static MeshPlan Alone { get; } = new([PeerNames.Gateway], [], new Dictionary<string, string>());

    /// <summary>True when it needs a certificate: it serves or calls others.</summary>
    public bool HasPeers => Serves.Count > 0 || Addresses.Count > 0;

    /// <summary>Whether the role is elsewhere.</summary>
    public bool IsElsewhere(string role) => Addresses.ContainsKey(role);

    /// <summary>The plan of a gateway, which serves no role.</summary>
    public static MeshPlan OfGateway(IConfiguration configuration) => new([PeerNames.Gateway], [], Elsewhere(configuration, []));

    /// <summary>The plan of a process with these roles.</summary>
    public static MeshPlan OfWorkers(IConfiguration configuration, IReadOnlyList<string> roles)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return new(roles, Url(configuration) is null ? [] : roles, Elsewhere(configuration, roles));
    }

    /// <summary>Where it listens for calls of its roles; null: nowhere.</summary>
    public static string? Url(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return configuration[$"{MeshServeOptions.Section}:{nameof(MeshServeOptions.Url)}"] is { Length: > 0 } url ? url : null;
    }

    /// <summary>Every mistake in the settings of roles, one sentence each with its cure.</summary>
    public static IEnumerable<string> Check(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return [.. CheckAddresses(configuration), .. CheckUrl(configuration), .. CheckFiles(configuration.GetSection(MeshTlsOptions.Section))];
    }

    private static Dictionary<string, string> Elsewhere(IConfiguration configuration, IReadOnlyList<string> own) =>
        RoleNames.All.Where(role => !own.Contains(role) && configuration[$"{Services}:{role}"] is { Length: > 0 })
            .ToDictionary(static role => role, role => configuration[$"{Services}:{role}"]!, StringComparer.Ordinal);

    private static IEnumerable<string> CheckAddresses(IConfiguration configuration) =>
        from role in RoleNames.All
        let text = configuration[$"{Services}:{role}"]
        where text is { Length: > 0 } && !PeerAddresses.IsReadable(text)
        select $"{Services}:{role} is \"{text}\": write https://host:port, several of them with commas, or dns:///name:port for a headless service.";

    private static IEnumerable<string> CheckUrl(IConfiguration configuration)
    {
        if (Url(configuration) is { } url && !(Uri.TryCreate(url, UriKind.Absolute, out var read) && read is { Scheme: "https", AbsolutePath: "/" }))
        {
            yield return $"{MeshServeOptions.Section}:{nameof(MeshServeOptions.Url)} is \"{url}\": write it as https://host:port, like https://0.0.0.0:8443; roles are served over TLS only.";
        }
    }

    private static IEnumerable<string> CheckFiles(IConfigurationSection tls)
    {
        string[] settings = [nameof(MeshTlsOptions.Certificate), nameof(MeshTlsOptions.Key), nameof(MeshTlsOptions.Ca)];
        var given = settings.Where(name => tls[name] is { Length: > 0 }).ToArray();
        if (given.Length is > 0 and < 3)
        {
            yield return $"{MeshTlsOptions.Section} has {string.Join(" and ", given)} and lacks {string.Join(" and ", settings.Except(given))}: give all three files, or none for a development authority.";
        }

        foreach (var name in given.Where(name => !File.Exists(tls[name])))
        {
            yield return $"{MeshTlsOptions.Section}:{name} is \"{tls[name]}\", which is no file: name a PEM file that this process may read.";
        }
    }
}
