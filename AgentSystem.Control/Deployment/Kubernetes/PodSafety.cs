using k8s.Models;

namespace AgentSystem.Control.Deployment.Kubernetes;

/// <summary>What Kubernetes' pod security standard "restricted" asks of a pod, and a root file system that nobody writes to.</summary>
public static class PodSafety
{
    /// <summary>Name of the one volume every pod may write to.</summary>
    public const string Scratch = "tmp";

    /// <summary>A scratch folder that fills up ends its pod, not the node.</summary>
    private const string ScratchLimit = "256Mi";

    /// <summary>Of the pod: nobody is root, system calls are filtered, volumes belong to the user.</summary>
    public static V1PodSecurityContext Pod(long user) => new()
    {
        RunAsNonRoot = true,
        RunAsUser = user,
        RunAsGroup = user,
        FsGroup = user,
        FsGroupChangePolicy = "OnRootMismatch",
        SeccompProfile = new V1SeccompProfile { Type = "RuntimeDefault" },
    };

    /// <summary>Of each container.</summary>
    public static V1SecurityContext Container() => new()
    {
        AllowPrivilegeEscalation = false,
        ReadOnlyRootFilesystem = true,
        RunAsNonRoot = true,
        Capabilities = new V1Capabilities { Drop = ["ALL"] },
    };

    /// <summary>The volume behind <see cref="ScratchMount"/>.</summary>
    public static V1Volume ScratchVolume() => new() { Name = Scratch, EmptyDir = new V1EmptyDirVolumeSource { SizeLimit = new ResourceQuantity(ScratchLimit) } };

    /// <summary>.NET keeps sockets and spooled uploads in <c>/tmp</c>.</summary>
    public static V1VolumeMount ScratchMount() => new() { Name = Scratch, MountPath = "/tmp" };
}
