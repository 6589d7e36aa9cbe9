using k8s.Models;

namespace AgentSystem.Control.Deployment.Kubernetes.Rules;

/// <summary>What must be true of numbers of pods, and of what selects them.</summary>
internal static class ScaleRules
{
    public static IReadOnlyList<ChartRule> All { get; } =
    [
        new("rollout-keeps-serving", static set => set.Of<V1Deployment>().Where(static each => each.Body.Spec.Strategy?.RollingUpdate?.MaxUnavailable?.Value != "0")
            .Select(static each => (each.At.Path, $"{each.At.Title} may have a pod too few during a rollout; with one replica that is an outage."))),
        new("autoscaler-owns-replicas", static set => set.Of<V1Deployment>().Where(each => each.Body.Spec.Replicas is null != IsScaled(set, each.Body.Metadata.Name))
            .Select(each => (each.At.Path, IsScaled(set, each.Body.Metadata.Name) ? $"{each.At.Title} writes replicas that an autoscaler owns: each upgrade would set them back." : $"{each.At.Title} has neither replicas nor an autoscaler."))),
        new("autoscaler-bounds", static set => set.Of<V2HorizontalPodAutoscaler>().Where(static each => each.Body.Spec.MinReplicas is < 1 || each.Body.Spec.MaxReplicas < (each.Body.Spec.MinReplicas ?? 1))
            .Select(static each => (each.At.Path, $"{each.At.Title} scales between {each.Body.Spec.MinReplicas} and {each.Body.Spec.MaxReplicas}."))),
        new("one-metric-source", static set => set.Of<V2HorizontalPodAutoscaler>().SelectMany(static each => (each.Body.Spec.Metrics ?? []).Where(static metric => Source(metric) != metric.Type)
            .Select(metric => (each.At.Path, $"a metric of type {metric.Type} has the source {Source(metric)}; exactly the one of its type is accepted.")))),
        new("budget-leaves-room", static set => set.Of<V1PodDisruptionBudget>().Where(each => !LeavesRoom(set, each.Body))
            .Select(static each => (each.At.Path, $"{each.At.Title} lets nothing be evicted: the drain of a node would wait for ever."))),
        new("selector-matches-labels", static set => set.Workloads.Where(static each => each.Selector is { } selector && !Selects(selector.MatchLabels, each.Pods!))
            .Select(static each => (each.Path, $"{each.Title} does not select its own pods."))
            .Concat(set.Of<V1Service>().Where(each => !set.Workloads.Any(work => Selects(each.Body.Spec.Selector, work.Pods!))).Select(static each => (each.At.Path, $"{each.At.Title} selects no pod.")))
            .Concat(set.Of<V1PodDisruptionBudget>().Where(each => !set.Workloads.Any(work => Selects(each.Body.Spec.Selector.MatchLabels, work.Pods!))).Select(static each => (each.At.Path, $"{each.At.Title} selects no pod.")))),
        new("selectors-are-apart", static set => from one in set.Workloads
                                                 where one.Selector is not null
                                                 from other in set.Workloads
                                                 where other != one && other.Body is not V1Job && Selects(one.Selector!.MatchLabels, other.Pods!)
                                                 select (one.Path, $"{one.Title} also selects the pods of {other.Title}: the two would fight over them.")),
        new("data-survives", static set => set.Of<V1StatefulSet>().Where(static each => each.Body.Spec.VolumeClaimTemplates is not { Count: > 0 } claims
                || !claims.All(claim => each.Body.Spec.Template.Spec.Containers[0].VolumeMounts.Any(mount => mount.Name == claim.Metadata.Name)))
            .Select(static each => (each.At.Path, $"{each.At.Title} keeps its data in the pod: it is gone with it."))),
    ];

    private static bool IsScaled(RenderedSet set, string deployment) => set.Of<V2HorizontalPodAutoscaler>().Any(each => each.Body.Spec.ScaleTargetRef is { Kind: "Deployment" } target && target.Name == deployment);

    private static string Source(V2MetricSpec metric) => string.Join(" and ",
        new (string Name, object? Value)[] { ("ContainerResource", metric.ContainerResource), ("External", metric.External), ("Object", metric.ObjectProperty), ("Pods", metric.Pods), ("Resource", metric.Resource) }
            .Where(static source => source.Value is not null).Select(static source => source.Name));

    private static bool LeavesRoom(RenderedSet set, V1PodDisruptionBudget budget)
    {
        if (budget.Spec.MaxUnavailable is { } unavailable)
        {
            return unavailable.Value is not ("0" or "0%");
        }

        var work = set.Workloads.FirstOrDefault(each => Selects(budget.Spec.Selector.MatchLabels, each.Pods!));
        var fewest = set.Of<V2HorizontalPodAutoscaler>().FirstOrDefault(each => each.Body.Spec.ScaleTargetRef.Name == work?.Body.Metadata.Name).Body?.Spec.MinReplicas ?? (work?.Body as V1Deployment)?.Spec.Replicas ?? 1;
        return int.TryParse(budget.Spec.MinAvailable?.Value, out var available) && available < fewest;
    }

    private static bool Selects(IEnumerable<KeyValuePair<string, string>>? selector, V1PodTemplateSpec pods) =>
        selector is not null && selector.Any() && selector.All(pair => pods.Metadata?.Labels is { } labels && labels.TryGetValue(pair.Key, out var value) && value == pair.Value);
}
