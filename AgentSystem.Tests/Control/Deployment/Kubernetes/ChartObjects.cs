using AgentSystem.Control.Deployment.Kubernetes.Chart;
using AgentSystem.Control.Deployment.Kubernetes.Rules;
using k8s.Models;

namespace AgentSystem.Tests.Control.Deployment.Kubernetes;

/// <summary>The chart's objects as they are under the default values, made anew for each test, so that one may be spoilt.</summary>
internal sealed class ChartObjects
{
    private static readonly string[] NotByDefault = ["templates/postgres/cluster.yaml", "templates/redis/garnet-deployment.yaml"];

    public List<RenderedObject> All { get; } =
    [
        .. SystemChart.Manifests().Where(static manifest => !NotByDefault.Contains(manifest.Path) && (manifest.Resource != "qdrant" || manifest.Body is V1NetworkPolicy))
            .Select(static manifest => new RenderedObject(manifest.Path, manifest.Body)),
    ];

    public T Get<T>(string name) => All.Select(static each => each.Body).OfType<T>().Single(body => ((k8s.IKubernetesObject<V1ObjectMeta>)body!).Metadata.Name == name);

    public V1PodSpec Pod(string service) => Get<V1Deployment>(service + "-deployment").Spec.Template.Spec;

    public V1Container Container(string service) => Pod(service).Containers[0];

    public V1NetworkPolicySpec Network(string service) => Get<V1NetworkPolicy>(service + "-network").Spec;

    public void Remove(string path) => All.RemoveAll(each => each.Path == path);

    /// <summary>Names of the rules that are broken now.</summary>
    public IReadOnlyList<ChartFinding> Findings() => [.. ChartValidator.Check(new RenderedSet(All, new HashSet<string>()))];
}
