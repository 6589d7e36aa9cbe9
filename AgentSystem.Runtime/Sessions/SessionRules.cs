using AgentSystem.Contracts.Sessions;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Sessions;

/// <summary>The settings as they are asked for: sizes, the rule that holds where none is named, and who comes before whom.</summary>
internal sealed class SessionRules
{
    private readonly Dictionary<string, int> places;

    public SessionRules(IOptions<SessionsOptions> options)
    {
        Options = options.Value;
        Default = Options.ConflictRule switch
        {
            "agent_priority" => ConflictRule.AgentPriority,
            "semantic_merge" => ConflictRule.SemanticMerge,
            "human" => ConflictRule.Human,
            _ => ConflictRule.Timestamp,
        };
        places = Options.AgentPriority.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Distinct(StringComparer.Ordinal).Select(static (name, place) => (name, place)).ToDictionary(static each => each.name, static each => each.place, StringComparer.Ordinal);
    }

    public SessionsOptions Options { get; }

    /// <summary>For eventual changes that name none.</summary>
    public ConflictRule Default { get; }

    /// <summary>Negative when <paramref name="one"/> comes before <paramref name="other"/>, 0 between equals.</summary>
    public int Compare(string one, string other) => Place(one).CompareTo(Place(other));

    private int Place(string agent) => places.GetValueOrDefault(agent, int.MaxValue);
}
