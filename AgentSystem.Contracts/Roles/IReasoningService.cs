using System.Runtime.Serialization;

namespace AgentSystem.Contracts.Roles;

/// <summary>The role <c>reasoning</c>: executes agents. Queued runs it claims by itself; a chat call is handed to it by the gateway that answers the client.</summary>
[RoleService(RoleNames.Reasoning)]
public interface IReasoningService
{
    /// <summary>Executes one chat call that has passed the gateway's phases. Pieces as they come, then one end. It is not repeated: its tools may have done something.</summary>
    IAsyncEnumerable<ExecutionPiece> ExecuteAsync(ExecutionRequest request, CancellationToken cancellation);
}

/// <summary>A chat call as the phases before execution left it. Members that are JSON hold a library's types or records of ours.</summary>
[DataContract]
public sealed record ExecutionRequest : IForTenant
{
    /// <inheritdoc/>
    [DataMember(Order = 1)]
    public string Tenant { get; init; } = "";

    /// <summary>The <c>x-request-id</c> of the answer.</summary>
    [DataMember(Order = 2)]
    public string RequestId { get; init; } = "";

    /// <summary>The <c>endpoint</c> label of metrics.</summary>
    [DataMember(Order = 3)]
    public string Endpoint { get; init; } = "";

    /// <summary>Who asks: a <see cref="Security.Caller"/> as JSON.</summary>
    [DataMember(Order = 4)]
    public string Caller { get; init; } = "";

    /// <summary>The agent's version that answers: an <see cref="Agents.AgentDefinition"/> as JSON.</summary>
    [DataMember(Order = 5)]
    public string Agent { get; init; } = "";

    /// <summary>The configured name of the model behind it.</summary>
    [DataMember(Order = 6)]
    public string Model { get; init; } = "";

    /// <summary>The conversation in canonical form, as JSON.</summary>
    [DataMember(Order = 7)]
    public string Messages { get; init; } = "";

    /// <summary>The parameters, as JSON.</summary>
    [DataMember(Order = 8)]
    public string Options { get; init; } = "";

    /// <summary>The client's own tools.</summary>
    [DataMember(Order = 9)]
    public List<OfferedTool> Tools { get; init; } = [];

    /// <summary>Whose memory it is.</summary>
    [DataMember(Order = 10)]
    public string User { get; init; } = "";

    /// <summary>The end user, if the client named one.</summary>
    [DataMember(Order = 11)]
    public string? NamedUser { get; init; }

    /// <summary>The thread it belongs to; null: none.</summary>
    [DataMember(Order = 12)]
    public string? ThreadId { get; init; }

    /// <summary>Calls whose results, sent with the request, read like injections.</summary>
    [DataMember(Order = 13)]
    public List<string> Flagged { get; init; } = [];

    /// <summary>True when the person's own text reads like an injection, though not surely.</summary>
    [DataMember(Order = 14)]
    public bool Doubted { get; init; }

    /// <summary>What the client wrote as <c>model</c>.</summary>
    [DataMember(Order = 15)]
    public string Target { get; init; } = "";
}

/// <summary>A piece of the answer, or how the execution ended.</summary>
[DataContract]
public sealed record ExecutionPiece
{
    /// <summary>What the client shall see: an update as JSON; null at the end.</summary>
    [DataMember(Order = 1)]
    public string? Update { get; init; }

    /// <summary>The end; nothing comes after it.</summary>
    [DataMember(Order = 2)]
    public ExecutionEnd? End { get; init; }
}

/// <summary>How an execution ended.</summary>
[DataContract]
public sealed record ExecutionEnd
{
    /// <summary>Time, tokens, tools and attempts, as JSON.</summary>
    [DataMember(Order = 1)]
    public string Figures { get; init; } = "";

    /// <summary>Everything the loop produced, tool calls and their results included: messages as JSON.</summary>
    [DataMember(Order = 2)]
    public string Transcript { get; init; } = "";

    /// <summary>The failure as JSON; null when there is an answer.</summary>
    [DataMember(Order = 3)]
    public string? Failure { get; init; }

    /// <summary>The process that executed it.</summary>
    [DataMember(Order = 4)]
    public string Instance { get; init; } = "";
}
