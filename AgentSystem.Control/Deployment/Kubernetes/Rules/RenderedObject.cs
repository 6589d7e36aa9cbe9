using k8s;
using k8s.Models;

namespace AgentSystem.Control.Deployment.Kubernetes.Rules;

/// <summary>An object as a cluster would get it.</summary>
/// <param name="Path">The file it is in.</param>
/// <param name="Body">The object, loaded strictly.</param>
internal sealed record RenderedObject(string Path, IKubernetesObject<V1ObjectMeta> Body)
{
    /// <summary>The pods it makes; null when it makes none.</summary>
    public V1PodTemplateSpec? Pods => Body switch
    {
        V1Deployment deployment => deployment.Spec.Template,
        V1StatefulSet set => set.Spec.Template,
        V1Job job => job.Spec.Template,
        _ => null,
    };

    /// <summary>What selects its pods; null when nothing has to.</summary>
    public V1LabelSelector? Selector => Body switch
    {
        V1Deployment deployment => deployment.Spec.Selector,
        V1StatefulSet set => set.Spec.Selector,
        _ => null,
    };

    /// <summary>Kind and name.</summary>
    public string Title => $"{Body.Kind} {Body.Metadata?.Name}";
}

/// <summary>What a rule looks at.</summary>
/// <param name="Objects">All of them.</param>
/// <param name="Elsewhere">Secrets that the operator has made, by name.</param>
internal sealed record RenderedSet(IReadOnlyList<RenderedObject> Objects, IReadOnlySet<string> Elsewhere)
{
    /// <summary>Objects that make pods.</summary>
    public IEnumerable<RenderedObject> Workloads => Objects.Where(static each => each.Pods is not null);

    /// <summary>Objects of a kind, with where they are.</summary>
    public IEnumerable<(RenderedObject At, T Body)> Of<T>() => Objects.Where(static each => each.Body is T).Select(static each => (each, (T)each.Body));

    /// <summary>Whether there is such an object.</summary>
    public bool Has<T>(string? name) => Objects.Any(each => each.Body is T && each.Body.Metadata.Name == name);
}

/// <summary>A rule with a name: what of it is broken, and where.</summary>
/// <param name="Name">Stable; tests and messages name it.</param>
/// <param name="Check">Gives the path and what is wrong there.</param>
internal sealed record ChartRule(string Name, Func<RenderedSet, IEnumerable<(string Path, string Message)>> Check);

/// <summary>A broken rule.</summary>
/// <param name="Rule">Its name.</param>
/// <param name="Path">The file.</param>
/// <param name="Message">What is wrong.</param>
public sealed record ChartFinding(string Rule, string Path, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Path}: {Message} [{Rule}]";
}
