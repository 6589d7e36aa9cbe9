using AgentSystem.Control.Deployment.Kubernetes.CustomResources;
using k8s.Models;

namespace AgentSystem.Control.Deployment.Kubernetes.Rules;

/// <summary>Whatever an object names is there.</summary>
internal static class ReferenceRules
{
    public static IReadOnlyList<ChartRule> All { get; } =
    [
        new("references-exist", static set => set.Objects.SelectMany(each => Missing(set, each).Select(missing => (each.Path, $"{each.Title} names {missing}, which is nowhere in the chart.")))),
        new("unique-names", static set => set.Objects.GroupBy(static each => each.Title, StringComparer.Ordinal).Where(static group => group.Count() > 1)
            .Select(static group => (group.Last().Path, $"{group.Key} is there {group.Count()} times."))),
        new("own-namespace", static set => set.Objects.Where(static each => each.Body.Metadata.NamespaceProperty is not null)
            .Select(static each => (each.Path, $"{each.Title} names a namespace: a release lives in the one it is installed into."))),
    ];

    private static IEnumerable<string> Missing(RenderedSet set, RenderedObject from) => from.Body switch
    {
        V2HorizontalPodAutoscaler scaler => Unless(set.Has<V1Deployment>(scaler.Spec.ScaleTargetRef.Name), "Deployment", scaler.Spec.ScaleTargetRef.Name),
        V1Service service => service.Spec.Ports.Where(port => !Selected(set, service).Any(pods => pods.Spec.Containers.Any(container => container.Ports?.Any(own => own.Name == port.TargetPort.Value) is true)))
            .Select(static port => "the port " + port.TargetPort.Value),
        Certificate certificate => Unless(set.Has<Issuer>(certificate.Spec!.IssuerRef?.Name), "Issuer", certificate.Spec.IssuerRef?.Name),
        Issuer { Spec.Ca: { } authority } => Unless(IsSecret(set, authority.SecretName), "Secret", authority.SecretName),
        PostgresCluster cluster => Unless(IsSecret(set, cluster.Spec!.Bootstrap?.Initdb?.Secret?.Name), "Secret", cluster.Spec.Bootstrap?.Initdb?.Secret?.Name),
        V1StatefulSet stateful => [.. Unless(set.Has<V1Service>(stateful.Spec.ServiceName), "Service", stateful.Spec.ServiceName), .. OfPod(set, stateful.Spec.Template.Spec)],
        _ => from.Pods is { } pods ? OfPod(set, pods.Spec) : [],
    };

    private static IEnumerable<string> OfPod(RenderedSet set, V1PodSpec pod)
    {
        var sources = pod.Containers.SelectMany(static container => container.EnvFrom ?? []).ToArray();
        var variables = pod.Containers.SelectMany(static container => container.Env ?? []).Select(static variable => variable.ValueFrom?.SecretKeyRef).OfType<V1SecretKeySelector>();
        return
        [
            .. Unless(set.Has<V1ServiceAccount>(pod.ServiceAccountName), "ServiceAccount", pod.ServiceAccountName),
            .. sources.Where(static source => source.ConfigMapRef is not null).SelectMany(source => Unless(set.Has<V1ConfigMap>(source.ConfigMapRef.Name), "ConfigMap", source.ConfigMapRef.Name)),
            .. sources.Where(static source => source.SecretRef is not null).SelectMany(source => Unless(IsSecret(set, source.SecretRef.Name), "Secret", source.SecretRef.Name)),
            .. variables.SelectMany(key => Unless(HasKey(set, key), "the key of a Secret", $"{key.Name}/{key.Key}")),
            .. (pod.Volumes ?? []).Where(static volume => volume.Secret is not null).SelectMany(volume => Unless(IsSecret(set, volume.Secret.SecretName), "Secret", volume.Secret.SecretName)),
            .. pod.Containers.SelectMany(static container => container.VolumeMounts ?? []).Where(mount => !(pod.Volumes ?? []).Any(volume => volume.Name == mount.Name) && !IsClaim(set, pod, mount.Name)).Select(static mount => "the volume " + mount.Name),
        ];
    }

    private static bool IsClaim(RenderedSet set, V1PodSpec pod, string name) =>
        set.Of<V1StatefulSet>().Any(each => each.Body.Spec.Template.Spec == pod && each.Body.Spec.VolumeClaimTemplates?.Any(claim => claim.Metadata.Name == name) is true);

    /// <summary>A Secret of the chart, one that a certificate is written to, or one that the operator has made.</summary>
    private static bool IsSecret(RenderedSet set, string? name) =>
        name is not null && (set.Elsewhere.Contains(name) || set.Has<V1Secret>(name) || set.Of<Certificate>().Any(each => each.Body.Spec!.SecretName == name));

    private static bool HasKey(RenderedSet set, V1SecretKeySelector key) =>
        set.Of<V1Secret>().Any(each => each.Body.Metadata.Name == key.Name && each.Body.StringData?.ContainsKey(key.Key) is true);

    private static IEnumerable<V1PodTemplateSpec> Selected(RenderedSet set, V1Service service) =>
        set.Workloads.Select(static each => each.Pods!).Where(pods => service.Spec.Selector.All(pair => pods.Metadata.Labels.TryGetValue(pair.Key, out var value) && value == pair.Value));

    private static IEnumerable<string> Unless(bool there, string kind, string? name) => there ? [] : [$"{kind} {name}"];
}
