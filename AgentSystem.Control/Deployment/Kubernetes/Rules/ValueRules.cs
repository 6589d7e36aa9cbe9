using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AgentSystem.Control.Deployment.Kubernetes.Rules;

/// <summary>What must be true of the chart's own values.</summary>
internal static partial class ValueRules
{
    private const string File = "values.yaml";

    /// <summary>Secrets have no defaults, and nothing that looks like one stands among the settings.</summary>
    public static IEnumerable<ChartFinding> Check(JsonObject values) =>
    [
        .. Leaves(values["secrets"], "secrets").Where(static leaf => leaf.Value.Length > 0).Select(static leaf => new ChartFinding("no-secret-in-values", File, $"{leaf.Key} has a default: a secret that everybody can read in the chart.")),
        .. new[] { "config", "parameters" }.SelectMany(root => Leaves(values[root], root)).Where(static leaf => leaf.Value.Length > 0 && Suspicious().IsMatch(leaf.Key))
            .Select(static leaf => new ChartFinding("no-secret-in-values", File, $"{leaf.Key} looks like a secret: it belongs under secrets, without a default.")),
    ];

    private static IEnumerable<(string Key, string Value)> Leaves(JsonNode? node, string path) => node switch
    {
        JsonObject members => members.SelectMany(member => Leaves(member.Value, $"{path}.{member.Key}")),
        JsonArray items => items.SelectMany((item, at) => Leaves(item, $"{path}.{at}")),
        null => [],
        _ => [(path, node.ToString())],
    };

    // A file's name is no secret, whatever is in the file (Roles__Tls__Key).
    [GeneratedRegex(@"(?:password|apikey|api_key|rootkey|root_key|admin_key|secret|token|connection_?string)[^.]*$(?<!_secrets)", RegexOptions.IgnoreCase)]
    private static partial Regex Suspicious();
}
