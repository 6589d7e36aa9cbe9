using System.Text.Json;
using System.Text.Json.Nodes;
using Aspire.Hosting.Kubernetes.Resources;
using k8s;
using k8s.Models;
using YamlDotNet.Serialization;

namespace AgentSystem.AppHost.Kubernetes;

/// <summary>An object that the publisher has no type for, or a type that writes what a cluster refuses: made of the official client's, as plain maps. Its serializer keeps the keys of maps.</summary>
[YamlSerializable]
public sealed class PlainManifest(string apiVersion, string kind) : BaseKubernetesResource(apiVersion, kind)
{
    /// <summary>What it shall be; null for kinds without.</summary>
    [YamlMember(Alias = "spec")]
    public Dictionary<string, object>? Spec { get; set; }

    /// <summary>Of a ServiceAccount only.</summary>
    [YamlMember(Alias = "automountServiceAccountToken")]
    public bool? AutomountServiceAccountToken { get; set; }

    /// <summary>The same object for the publisher.</summary>
    public static PlainManifest Of(IKubernetesObject<V1ObjectMeta> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var members = (JsonObject)JsonNode.Parse(KubernetesJson.Serialize(source))!;
        var made = new PlainManifest(source.ApiVersion, source.Kind)
        {
            Spec = members["spec"] is JsonObject spec ? Map(spec) : null,
            AutomountServiceAccountToken = members["automountServiceAccountToken"]?.GetValue<bool>(),
        };
        made.Metadata.Name = source.Metadata.Name;
        foreach (var (label, value) in source.Metadata.Labels)
        {
            made.Metadata.Labels[label] = value;
        }

        return made;
    }

    private static Dictionary<string, object> Map(JsonObject members) => members.ToDictionary(static member => member.Key, static member => Plain(member.Value!));

    private static object Plain(JsonNode node) => node switch
    {
        // The publisher drops empty maps; an object without members stays, as {}.
        JsonObject { Count: 0 } => new EmptyMap(),
        JsonObject members => Map(members),
        JsonArray items => items.Select(static item => Plain(item!)).ToList(),
        _ => node.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number => node.GetValue<long>(),
            _ => node.GetValue<string>(),
        },
    };

    /// <summary>Writes <c>{}</c>.</summary>
    public sealed class EmptyMap;
}
