using AgentSystem.Contracts.Agents;

namespace AgentSystem.Runtime.Agents;

/// <summary>One version of an agent, as it was kept, and where the agent stood when it was read.</summary>
/// <param name="Definition">The version.</param>
/// <param name="State">Where the agent stands.</param>
/// <param name="CreatedAt">When the version was made.</param>
/// <param name="CreatedBy">Name of the key that made it.</param>
public sealed record AgentRecord(AgentDefinition Definition, AgentState State, DateTimeOffset CreatedAt, string CreatedBy)
{
    /// <summary>Who makes the seeded agents.</summary>
    public const string Platform = "platform";

    /// <summary>As the API shows it: what was left out is shown with the value it has, fallbacks as null, because an empty list of them says that there are none.</summary>
    public AgentVersionView ToView() => new(
        Definition.Name, Definition.Version, State.Active, State.Latest, CreatedAt, CreatedBy, Definition.Type, Definition.Specialization, Definition.Description,
        Definition.Model, Definition.Fallbacks, Definition.Instructions, Definition.Tools, Definition.Memory ?? [], Definition.Planning ?? [],
        new AgentQuality(Definition.Quality), Definition.Security ?? [], Definition.Limits, Definition.Scaling ?? new AgentScaling(),
        Definition.Resources ?? new AgentResources(), Definition.ContainerImage, State.Archived);
}

/// <summary>Where an agent stands.</summary>
/// <param name="Active">The version that answers calls.</param>
/// <param name="Latest">The newest version.</param>
/// <param name="Archived">Whether it is put away: then it answers nobody.</param>
public sealed record AgentState(int Active, int Latest, bool Archived)
{
    /// <summary>The ETag, quotes included. Versions are immutable, so two states with the same tag are the same in everything.</summary>
    public string Tag => $"\"v{Active}-{Latest}{(Archived ? "-archived" : "")}\"";
}

/// <summary>What a writer has seen: the <c>If-Match</c> of a request. A change on top of anything else is refused.</summary>
/// <param name="Tags">ETags with their quotes; <c>*</c> matches every state.</param>
public sealed record VersionMatch(IReadOnlyList<string> Tags)
{
    /// <summary>Whether the writer has seen this state.</summary>
    public bool Allows(AgentState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return Tags.Contains("*") || Tags.Contains(state.Tag);
    }
}
