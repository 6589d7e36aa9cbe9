namespace AgentSystem.Runtime.Mesh.Tls;

/// <summary>How processes of roles prove to each other who they are. Section <c>Roles:Tls</c>.</summary>
public sealed class MeshTlsOptions
{
    /// <summary>Where the settings stand.</summary>
    public const string Section = "Roles:Tls";

    /// <summary>PEM file with this process's certificate, e.g. cert-manager's <c>tls.crt</c>; read again when it changes. Left out, a development authority in <see cref="Folder"/> makes one.</summary>
    public string? Certificate { get; set; }

    /// <summary>PEM file with its private key, e.g. <c>tls.key</c>.</summary>
    public string? Key { get; set; }

    /// <summary>PEM file with the authority whose certificates are accepted, and no others, e.g. <c>ca.crt</c>.</summary>
    public string? Ca { get; set; }

    /// <summary>Folder of the development authority; every process that shall be trusted needs it. Left out: <c>roles</c> in the data folder (<c>AGENTSYSTEM_DATA</c>), or in <c>.agentsystem</c> of the working folder.</summary>
    public string? Folder { get; set; }
}
