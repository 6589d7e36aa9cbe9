using System.Text.Json.Nodes;
using AgentSystem.Runtime.Security.Guard;

namespace AgentSystem.Runtime.Agents.Rules;

/// <summary>
/// What the platform reads of an agent's <c>security</c> member: <c>input</c> (<c>off</c>, <c>monitor</c>, <c>block</c>, <c>strict</c>) and <c>personal_data</c>
/// (<c>report</c>, <c>mask</c>, <c>redact</c>, <c>block</c>), <c>output</c> (<c>off</c>, <c>monitor</c>, <c>guard</c>, <c>block</c>), <c>rule_of_two</c> and <c>spotlight</c> (<c>on</c>, <c>off</c>)
/// and <c>link_hosts</c>. Other members are kept as given, as the contract says.
/// </summary>
internal static class SecurityMember
{
    /// <summary>Blocks what is certainly an injection, counts what may be one.</summary>
    public const string DefaultInput = "block";

    /// <summary>Personal data stay where they are; users talk about themselves.</summary>
    public const string DefaultPersonalData = "report";

    /// <summary>Most hosts in <c>link_hosts</c>.</summary>
    public const int MostHosts = 100;

    private const int LongestHost = 253;

    private static readonly string[] Outputs = ["off", "monitor", "guard", "block"], Switch = ["on", "off"];

    private static readonly string[] Inputs = ["off", "monitor", "block", "strict"], PersonalData = ["report", "mask", "redact", "block"];

    /// <summary>What is wrong with the member; null when nothing is.</summary>
    public static AgentRefusal? Check(JsonObject? security) => Check(security, "input", Inputs) ?? Check(security, "personal_data", PersonalData) ?? Check(security, "output", Outputs)
        ?? Check(security, "rule_of_two", Switch) ?? Check(security, "spotlight", Switch) ?? CheckHosts(security);

    /// <summary>How runs of the agent are guarded.</summary>
    public static GuardPolicy Guard(JsonObject? security) => new(
        Input(security),
        Enum.Parse<OutputMode>(Known(security, "output", Outputs) ?? nameof(OutputMode.Guard), ignoreCase: true),
        Known(security, "spotlight", Switch) is { } spotlight ? spotlight == "on" : null,
        Known(security, "rule_of_two", Switch) != "off",
        Hosts(security) ?? []);

    /// <summary>How inputs are screened.</summary>
    public static string Input(JsonObject? security) => Known(security, "input", Inputs) ?? DefaultInput;

    /// <summary>What is done about personal data and secrets of inputs.</summary>
    public static string OfPersonalData(JsonObject? security) => Known(security, "personal_data", PersonalData) ?? DefaultPersonalData;

    private static AgentRefusal? CheckHosts(JsonObject? security) => security?["link_hosts"] is null || Hosts(security) is not null
        ? null
        : AgentRules.Invalid("security.link_hosts", $"\"security.link_hosts\" must be a list of at most {MostHosts} names of hosts, such as [\"example.com\"]; their subdomains are meant too.");

    private static List<string>? Hosts(JsonObject? security)
    {
        if (security?["link_hosts"] is not JsonArray { Count: <= MostHosts } list)
        {
            return null;
        }

        var hosts = new List<string>();
        foreach (var item in list)
        {
            if (item is not JsonValue value || !value.TryGetValue<string>(out var host) || host.Length is 0 or > LongestHost || Uri.CheckHostName(host) != UriHostNameType.Dns)
            {
                return null;
            }

            hosts.Add(host);
        }

        return hosts;
    }

    private static AgentRefusal? Check(JsonObject? security, string member, string[] known) =>
        security?[member] is null || Known(security, member, known) is not null ? null : AgentRules.Invalid($"security.{member}", $"\"security.{member}\" must be one of {string.Join(", ", known)}.");

    private static string? Known(JsonObject? security, string member, string[] known) =>
        security?[member] is JsonValue value && value.TryGetValue<string>(out var text) && known.Contains(text, StringComparer.Ordinal) ? text : null;
}
