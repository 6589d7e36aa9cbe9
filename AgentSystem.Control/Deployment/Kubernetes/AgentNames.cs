using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using AgentSystem.Contracts.Agents;

namespace AgentSystem.Control.Deployment.Kubernetes;

/// <summary>Names of an agent's objects. An agent's name is its tenant's affair and may have dots; an object's name is a DNS label, one in the namespace.</summary>
public static partial class AgentNames
{
    private const string Suffix = "-agent", DefaultTenant = "default";
    private const int Longest = 63, HashCharacters = 10;

    /// <summary>Document: the agent's name and "-agent". Where that is no label, or another tenant's agent could have it, a hash of tenant and name stands in between.</summary>
    public static string Deployment(AgentDefinition agent) => Stem(agent) + Suffix;

    /// <summary>Document: the agent's name and "-container".</summary>
    public static string Container(AgentDefinition agent) => Stem(agent) + "-container";

    /// <summary>Text as the value of a label: at most 63 letters, digits, dots, underscores and hyphens, with a letter or digit at both ends.</summary>
    public static string Label(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var value = NotInLabels().Replace(text, "-");
        return value[..Math.Min(value.Length, Longest)].Trim('-', '_', '.');
    }

    private static string Stem(AgentDefinition agent)
    {
        ArgumentNullException.ThrowIfNull(agent);
        var plain = NotInNames().Replace(agent.Name, "-").Trim('-');
        var longest = Longest - "-container".Length;
        // A plain name that looks like one with a hash gets one, too: else somebody could choose the name of another tenant's agent.
        if (agent.Tenant == DefaultTenant && plain == agent.Name && plain.Length <= longest && !Hashed().IsMatch(plain))
        {
            return plain;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{agent.Tenant}\n{agent.Name}")))[..HashCharacters];
        var room = longest - HashCharacters - 1;
        return $"{plain[..Math.Min(plain.Length, room)].TrimEnd('-')}-{hash}".TrimStart('-');
    }

    [GeneratedRegex("[^a-z0-9-]+")]
    private static partial Regex NotInNames();

    [GeneratedRegex("[^A-Za-z0-9._-]+")]
    private static partial Regex NotInLabels();

    [GeneratedRegex("(?:^|-)[0-9a-f]{10}$")]
    private static partial Regex Hashed();
}
