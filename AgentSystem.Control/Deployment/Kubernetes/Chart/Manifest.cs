using k8s;
using k8s.Models;

namespace AgentSystem.Control.Deployment.Kubernetes.Chart;

/// <summary>One object of the chart: typed, with the places that values decide.</summary>
/// <param name="Resource">The service it belongs to: its folder.</param>
/// <param name="Body">The object, with the defaults in it.</param>
internal sealed record Manifest(string Resource, IKubernetesObject<V1ObjectMeta> Body)
{
    private readonly string? file;

    /// <summary>Places that values decide.</summary>
    public IReadOnlyList<Lift> Lifts { get; init; } = [];

    /// <summary>A condition in the template language under which it is there at all; null: always.</summary>
    public string? If { get; init; }

    /// <summary>Its file in the folder: its name without the folder's. Two objects of one name would overwrite each other, so the validator counts.</summary>
    public string File
    {
        get => file ?? (Body.Metadata.Name.StartsWith(Resource + "-", StringComparison.Ordinal) ? Body.Metadata.Name[(Resource.Length + 1)..] : Body.Metadata.Name);
        init => file = value;
    }

    /// <summary>Path in the chart.</summary>
    public string Path => $"templates/{Resource}/{File}.yaml";
}
