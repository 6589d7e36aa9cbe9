using System.Text.Json.Nodes;
using AgentSystem.Control.Deployment.Kubernetes.Chart;
using AgentSystem.Control.Deployment.Kubernetes.Templates;
using k8s.Models;

namespace AgentSystem.Control.Deployment.Kubernetes.Rules;

/// <summary>
/// The gate of every chart, in tests and before one is written: it is rendered under each choice of its values, loaded strictly into the official client's types, and held against the named rules. There is no cluster here.
/// </summary>
public static class ChartValidator
{
    /// <summary>Everything that breaks templates which forget to quote.</summary>
    internal const string Awkward = "it's \"quoted\" \\ {{ .x }} : # - %\n\tnext";

    /// <summary>All rules over objects.</summary>
    internal static IReadOnlyList<ChartRule> Rules { get; } = [.. PodRules.All, .. ScaleRules.All, .. ReferenceRules.All, .. NetworkRules.Of(SystemModel.Services)];

    /// <summary>What is wrong with a chart; nothing when it may be written.</summary>
    public static IReadOnlyList<ChartFinding> Check(HelmChart chart)
    {
        ArgumentNullException.ThrowIfNull(chart);
        return [.. ValueRules.Check(chart.Values), .. Choices(chart.Values).SelectMany(choice => Check(chart, choice.Values, choice.Elsewhere)).Distinct()];
    }

    /// <summary>The same under given values.</summary>
    internal static IReadOnlyList<ChartFinding> Check(HelmChart chart, JsonObject values, IReadOnlySet<string> elsewhere)
    {
        IReadOnlyDictionary<string, string> rendered;
        try
        {
            rendered = chart.Render(values);
        }
        catch (TemplateException wrong)
        {
            return [new("renders", wrong.Message.Split(':')[0], wrong.Message)];
        }

        var (objects, findings) = ObjectLoader.Load(rendered);
        return [.. findings, .. Check(new RenderedSet(objects, elsewhere)), .. Survives(objects, values)];
    }

    /// <summary>The rules over objects.</summary>
    internal static IEnumerable<ChartFinding> Check(RenderedSet set) => Rules.SelectMany(rule => rule.Check(set).Select(broken => new ChartFinding(rule.Name, broken.Path, broken.Message)));

    /// <summary>The choices an operator has: everything in the chart; everything by operators; everything elsewhere.</summary>
    internal static IEnumerable<(JsonObject Values, IReadOnlySet<string> Elsewhere)> Choices(JsonObject defaults)
    {
        yield return (With(defaults, "statefulset", "redis", "none"), new HashSet<string>());
        yield return (With(defaults, StoreManifests.CloudNativePg, "garnet", "statefulset"), new HashSet<string>());
        var outside = With(defaults, SecretManifests.External, SecretManifests.External, SecretManifests.External);
        outside["parameters"]!["tls"]!["source"] = "secret";
        outside["parameters"]!["network"]!["extra_egress"] = new JsonArray(new JsonObject { ["to"] = new JsonArray(new JsonObject { ["podSelector"] = new JsonObject() }) });
        outside["config"]!["models"]!["Models__mine__Provider"] = "openai";
        outside["secrets"]!["models"]!["Models__mine__ApiKey"] = Awkward;
        yield return (outside, SystemModel.Services.Where(HostSettings.HasCertificate).Select(static service => ObjectNames.Tls(service.Name)).ToHashSet(StringComparer.Ordinal));
    }

    private static JsonObject With(JsonObject defaults, string postgres, string redis, string qdrant)
    {
        var values = (JsonObject)defaults.DeepClone();
        foreach (var (store, engine) in new[] { (SystemModel.Postgres, postgres), (SystemModel.Redis, redis), (SystemModel.Qdrant, qdrant) })
        {
            values["parameters"]![store]!["engine"] = engine;
            values["secrets"]![store]!["password"] = Awkward;
            values["secrets"]![store]!["connection_string"] = Awkward;
        }

        values["secrets"]!["platform"]!["root_key"] = Awkward;
        values["secrets"]!["platform"]!["admin_key"] = Awkward;
        return values;
    }

    /// <summary>A value arrives as it was given, whatever is in it.</summary>
    private static IEnumerable<ChartFinding> Survives(IReadOnlyList<RenderedObject> objects, JsonObject values) =>
        from each in objects
        where each.Body is V1Secret
        from entry in ((V1Secret)each.Body).StringData ?? new Dictionary<string, string>()
        where entry.Key == "AGENTSYSTEM_ROOT_KEY" && entry.Value != values["secrets"]!["platform"]!["root_key"]!.GetValue<string>()
        select new ChartFinding("values-survive", each.Path, $"{entry.Key} arrives changed: it is not quoted.");
}
