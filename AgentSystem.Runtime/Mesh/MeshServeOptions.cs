using System.ComponentModel.DataAnnotations;

namespace AgentSystem.Runtime.Mesh;

/// <summary>How a Workers process serves its roles to others. Section <c>Roles:Serve</c>.</summary>
public sealed class MeshServeOptions
{
    /// <summary>Where the settings stand.</summary>
    public const string Section = "Roles:Serve";

    /// <summary>Where roles are served, e.g. <c>https://0.0.0.0:8443</c>: gRPC over TLS 1.3 with certificates on both sides. Left out, nobody else is served.</summary>
    public string? Url { get; set; }

    /// <summary>How long calls may take to end when the process ends; new ones are refused from its beginning. Kubernetes gives 30 seconds unless told otherwise.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Drain { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>Calls in hand that count as a full load, for the balance between processes; more are taken all the same.</summary>
    [Range(1, 100_000)]
    public int Capacity { get; set; } = 64;
}
