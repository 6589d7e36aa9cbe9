using AgentSystem.Control.Deployment.Kubernetes.CustomResources;
using k8s;
using k8s.Models;

namespace AgentSystem.Control.Deployment.Kubernetes.Rules;

/// <summary>Loads rendered files into the official client's types; a member that a type does not have is refused.</summary>
internal static class ObjectLoader
{
    /// <summary>Objects of operators, which the client does not know.</summary>
    private static readonly Dictionary<string, Type> Custom = new(StringComparer.Ordinal)
    {
        ["cert-manager.io/v1/Issuer"] = typeof(Issuer), ["cert-manager.io/v1/Certificate"] = typeof(Certificate), ["postgresql.cnpg.io/v1/Cluster"] = typeof(PostgresCluster),
    };

    public static (IReadOnlyList<RenderedObject> Objects, IReadOnlyList<ChartFinding> Findings) Load(IEnumerable<KeyValuePair<string, string>> files)
    {
        var (objects, findings) = (new List<RenderedObject>(), new List<ChartFinding>());
        foreach (var (path, text) in files)
        {
            try
            {
                var loaded = KubernetesYaml.LoadAllFromString(text, Custom, strict: true).OfType<IKubernetesObject<V1ObjectMeta>>().ToList();
                objects.AddRange(loaded.Select(body => new RenderedObject(path, body)));
                if (loaded.Count != 1)
                {
                    findings.Add(new("unique-files", path, $"{loaded.Count} objects in one file: their names differ by nothing but the kind, so one would overwrite the other."));
                }
            }
            catch (Exception refusal) when (refusal is YamlDotNet.Core.YamlException or InvalidCastException or KeyNotFoundException or ArgumentException)
            {
                findings.Add(new("strict-load", path, $"{refusal.Message} {refusal.InnerException?.Message}".Trim()));
            }
        }

        return (objects, findings);
    }
}
