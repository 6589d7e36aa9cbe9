using System.Text.Json.Serialization;
using k8s;
using k8s.Models;

namespace AgentSystem.Control.Deployment.Kubernetes.CustomResources;

/// <summary>An object of an operator's: the official client has no type for it, so the members we write are typed here, and strict loading refuses any other.</summary>
/// <typeparam name="TSpec">Its specification.</typeparam>
public abstract class CustomResource<TSpec> : IKubernetesObject<V1ObjectMeta>
    where TSpec : class
{
    /// <inheritdoc/>
    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; set; } = "";

    /// <inheritdoc/>
    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "";

    /// <inheritdoc/>
    [JsonPropertyName("metadata")]
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>What it shall be.</summary>
    [JsonPropertyName("spec")]
    public TSpec? Spec { get; set; }
}
