using System.Runtime.Serialization;

namespace AgentSystem.Contracts.Roles;

/// <summary>The role <c>tools</c>: makes the calls of the platform's tools. Whether a call may be made was decided before, in the run.</summary>
[RoleService(RoleNames.Tools)]
public interface IToolsService
{
    /// <summary>Binds a tool to its scope and makes one call. Expected failures are results a model can read (<c>error: ...</c>).</summary>
    ValueTask<InvokeToolReply> InvokeAsync(InvokeToolRequest request, CancellationToken cancellation);
}

/// <summary>One call of a tool, and on whose behalf.</summary>
[DataContract]
public sealed record InvokeToolRequest : IForTenant
{
    /// <inheritdoc/>
    [DataMember(Order = 1)]
    public string Tenant { get; init; } = "";

    /// <summary>The user the run speaks for.</summary>
    [DataMember(Order = 2)]
    public string User { get; init; } = "";

    /// <summary>The agent that calls.</summary>
    [DataMember(Order = 3)]
    public string Agent { get; init; } = "";

    /// <summary>The tool's name.</summary>
    [DataMember(Order = 4)]
    public string Tool { get; init; } = "";

    /// <summary>Its arguments, a JSON object.</summary>
    [DataMember(Order = 5)]
    public string Arguments { get; init; } = "";

    /// <summary>The same whenever the same call is repeated; null in a chat call, which is not.</summary>
    [DataMember(Order = 6)]
    public string? CallId { get; init; }
}

/// <summary>What the call gave.</summary>
[DataContract]
public sealed record InvokeToolReply
{
    /// <summary>The text a model reads, or JSON.</summary>
    [DataMember(Order = 1)]
    public string Result { get; init; } = "";

    /// <summary>True when <see cref="Result"/> is JSON and not the text itself.</summary>
    [DataMember(Order = 2)]
    public bool IsJson { get; init; }

    /// <summary>True when this process has no such tool; the caller's build has.</summary>
    [DataMember(Order = 3)]
    public bool Unknown { get; init; }
}
