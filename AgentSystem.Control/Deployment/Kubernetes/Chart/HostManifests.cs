using k8s.Models;

namespace AgentSystem.Control.Deployment.Kubernetes.Chart;

/// <summary>The objects of one of our hosts.</summary>
internal static class HostManifests
{
    private const string Container = "spec/template/spec/containers/0/";

    public static IEnumerable<Manifest> Of(SystemService service, ReleaseLabels labels)
    {
        V1ObjectMeta Meta(string name) => labels.Meta(service.Name, name);
        var key = "parameters." + service.Key;
        yield return new(service.Name, ScaleParts.Account(Meta(ObjectNames.Account(service.Name))));
        yield return SecretManifests.Config(service, labels);
        yield return SecretManifests.Secrets(service, labels);
        yield return new(service.Name, ServiceParts.Balanced(service, labels));
        if (service.ServesGrpc)
        {
            yield return new(service.Name, ServiceParts.Headless(service, labels));
        }

        if (HostSettings.HasCertificate(service))
        {
            yield return CertificateManifests.Of(service, labels);
        }

        yield return Deployment(service, key, labels);
        if (service.Scale.IsElastic)
        {
            yield return new(service.Name, ScaleParts.Autoscaler(Meta(ObjectNames.Autoscaler(service.Name)), ObjectNames.Deployment(service.Name), service.Scale))
            {
                Lifts =
                [
                    new ValueLift("spec/minReplicas", key + ".min_replicas"), new ValueLift("spec/maxReplicas", key + ".max_replicas"),
                    new ValueLift("spec/metrics/0/resource/target/averageUtilization", key + ".cpu_utilization"),
                    new ValueLift("spec/metrics/1/resource/target/averageUtilization", key + ".memory_utilization"),
                ],
            };
        }

        yield return new(service.Name, ScaleParts.Disruption(Meta(ObjectNames.Disruption(service.Name)), labels.Select(service.Name)));
    }

    /// <summary>What every pod of the chart leaves to the values: where it may run, what it gets, whose secrets fetch its image.</summary>
    public static Lift[] PodLifts(string key, string pod = "spec/template/spec/") =>
    [
        new ValueLift(pod + "containers/0/resources", key + ".resources"), new ValueLift(pod + "nodeSelector", key + ".node_selector"), new ValueLift(pod + "tolerations", key + ".tolerations"),
        new ValueLift(pod + "imagePullSecrets", "parameters.images.pull_secrets"),
    ];

    /// <summary>Empty places for what <see cref="PodLifts"/> names.</summary>
    public static void Prepare(V1PodSpec pod)
    {
        pod.NodeSelector ??= new Dictionary<string, string>();
        pod.Tolerations ??= [];
        pod.ImagePullSecrets ??= [];
        pod.Containers[0].ImagePullPolicy = "IfNotPresent";
    }

    /// <summary>An image of ours: its name and the chart's version.</summary>
    public static string Image(SystemService service) => $"agentsystem-{service.Image}:{HelmChart.Version}";

    /// <summary>Where the values name it. The role that owns the graphics processor has an image of its own build, so a value of its own.</summary>
    public static string ImageKey(SystemService service)
    {
        var key = service.Size.Gpus > 0 ? service.Key : service.Image;
        return $"parameters.{key}.{key}_image";
    }

    private static Manifest Deployment(SystemService service, string key, ReleaseLabels labels)
    {
        var deployment = HostWorkload.Deployment(service, Image(service), labels);
        Prepare(deployment.Spec.Template.Spec);
        // A changed setting starts new pods; without this it would count from the next restart, whenever that is.
        deployment.Spec.Template.Metadata.Annotations = new Dictionary<string, string> { ["checksum/config"] = Sum(service, "config"), ["checksum/secrets"] = Sum(service, "secrets") };
        return new(service.Name, deployment)
        {
            Lifts =
            [
                new ValueLift(Container + "image", ImageKey(service)), new ValueLift(Container + "imagePullPolicy", "parameters.images.pull_policy"), .. PodLifts(key),
                .. service.Scale.IsElastic ? Array.Empty<Lift>() : [new ValueLift("spec/replicas", key + ".replicas")],
            ],
        };
    }

    private static string Sum(SystemService service, string file) => $"{{{{ include (print $.Template.BasePath \"/{service.Name}/{file}.yaml\") . | sha256sum | quote }}}}";
}
