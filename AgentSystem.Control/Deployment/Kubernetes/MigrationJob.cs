using k8s.Models;

namespace AgentSystem.Control.Deployment.Kubernetes;

/// <summary>Brings the tables up to date: the API's image with its verb <c>migrate</c>, once for each revision of the release. Old pods go on meanwhile, because migrations only expand.</summary>
public static class MigrationJob
{
    /// <summary>The verb of the API's program.</summary>
    public const string Verb = "migrate";

    private const int Attempts = 10, KeptSeconds = 24 * 60 * 60;

    /// <summary>Makes it.</summary>
    /// <param name="service">The migration of the model.</param>
    /// <param name="image">The API's image.</param>
    /// <param name="revision">What makes its name new: a Job cannot be changed.</param>
    /// <param name="labels">Whose it is.</param>
    public static V1Job Of(SystemService service, string image, string revision, ReleaseLabels labels)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentNullException.ThrowIfNull(labels);
        var pod = PodParts.Pod(
            new V1Container
            {
                Name = service.Name,
                Image = image,
                Args = [Verb],
                // The gateway's own settings: the first start also makes its admin key, and seeds its agents.
                EnvFrom = [HostWorkload.Config(SystemModel.Api), HostWorkload.Secrets(SystemModel.Api)],
                Resources = PodParts.Resources(service.Size),
                SecurityContext = PodSafety.Container(),
                VolumeMounts = [PodSafety.ScratchMount()],
            },
            ObjectNames.Account(service.Name), labels.Select(service.Name), service.Drain);
        // It begins before a new database answers, and comes back until one does.
        pod.RestartPolicy = "OnFailure";
        pod.TopologySpreadConstraints = null;
        return new()
        {
            ApiVersion = "batch/v1",
            Kind = "Job",
            Metadata = labels.Meta(service.Name, $"{service.Name}-job-{revision}"),
            Spec = new V1JobSpec
            {
                BackoffLimit = Attempts,
                TtlSecondsAfterFinished = KeptSeconds,
                Template = new V1PodTemplateSpec { Metadata = new V1ObjectMeta { Labels = labels.Of(service.Name) }, Spec = pod },
            },
        };
    }
}
