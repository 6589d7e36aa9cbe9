using k8s.Models;

namespace AgentSystem.Control.Deployment.Kubernetes;

/// <summary>
/// The labels that say to which release and which service an object belongs. In a chart they are Helm's expressions, as Aspire's publisher writes them; an object made while the system runs has words.
/// </summary>
/// <param name="Chart">Value of <c>app.kubernetes.io/name</c>.</param>
/// <param name="Release">Value of <c>app.kubernetes.io/instance</c>.</param>
public sealed record ReleaseLabels(string Chart, string Release)
{
    /// <summary>The label that names the service.</summary>
    public const string Component = "app.kubernetes.io/component";

    private const string Name = "app.kubernetes.io/name", Instance = "app.kubernetes.io/instance";

    /// <summary>As a chart has them.</summary>
    public static ReleaseLabels OfChart { get; } = new("{{ .Chart.Name }}", "{{ .Release.Name }}");

    /// <summary>Labels of a service's objects, and what its pods are selected by.</summary>
    public Dictionary<string, string> Of(string service) => new(StringComparer.Ordinal) { [Name] = Chart, [Component] = service, [Instance] = Release };

    /// <summary>Selects every pod of the release.</summary>
    public V1LabelSelector Everything() => new() { MatchLabels = new Dictionary<string, string>(StringComparer.Ordinal) { [Name] = Chart, [Instance] = Release } };

    /// <summary>Selects the pods of one service.</summary>
    public V1LabelSelector Select(string service) => new() { MatchLabels = Of(service) };

    /// <summary>Metadata of an object of a service.</summary>
    public V1ObjectMeta Meta(string service, string name) => new() { Name = name, Labels = Of(service) };
}
