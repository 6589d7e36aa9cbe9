using System.Runtime.Serialization;

namespace AgentSystem.Contracts.Roles;

/// <summary>The role <c>inference</c>: owns the models that run in a process of ours, and answers with them.</summary>
[RoleService(RoleNames.Inference)]
public interface IInferenceService
{
    /// <summary>One model call, piece by piece. A failure of the model is the last piece.</summary>
    [Idempotent]
    IAsyncEnumerable<AnswerPiece> AnswerAsync(AnswerRequest request, CancellationToken cancellation);

    /// <summary>The vectors of some texts, in their order.</summary>
    [Idempotent]
    ValueTask<EmbedReply> EmbedAsync(EmbedRequest request, CancellationToken cancellation);
}

/// <summary>A model call. Conversation and options are JSON, because they are a library's types and not ours.</summary>
[DataContract]
public sealed record AnswerRequest
{
    /// <summary>The configured name of the model.</summary>
    [DataMember(Order = 1)]
    public string Model { get; init; } = "";

    /// <summary>The conversation.</summary>
    [DataMember(Order = 2)]
    public string Messages { get; init; } = "";

    /// <summary>The parameters; null: none.</summary>
    [DataMember(Order = 3)]
    public string? Options { get; init; }

    /// <summary>Tools the model may call.</summary>
    [DataMember(Order = 4)]
    public List<OfferedTool> Tools { get; init; } = [];
}

/// <summary>A tool as a model is told of it.</summary>
[DataContract]
public sealed record OfferedTool
{
    /// <summary>What the model calls.</summary>
    [DataMember(Order = 1)]
    public string Name { get; init; } = "";

    /// <summary>For the model.</summary>
    [DataMember(Order = 2)]
    public string Description { get; init; } = "";

    /// <summary>JSON schema of its arguments.</summary>
    [DataMember(Order = 3)]
    public string Schema { get; init; } = "";

    /// <summary>What else was said of it, a JSON object; null: nothing.</summary>
    [DataMember(Order = 4)]
    public string? More { get; init; }
}

/// <summary>A piece of an answer: an update, or the failure that ends it.</summary>
[DataContract]
public sealed record AnswerPiece
{
    /// <summary>The update as JSON; null in a failure.</summary>
    [DataMember(Order = 1)]
    public string? Update { get; init; }

    /// <summary>Why there is no more; null in an update.</summary>
    [DataMember(Order = 2)]
    public EngineFailure? Failure { get; init; }
}

/// <summary>A model's failure, so that the caller meets the same exception as beside the model.</summary>
[DataContract]
public sealed record EngineFailure
{
    /// <summary>See <see cref="EngineFailureKind"/>.</summary>
    [DataMember(Order = 1)]
    public EngineFailureKind Kind { get; init; }

    /// <summary>For people; nothing of the conversation is in it.</summary>
    [DataMember(Order = 2)]
    public string Message { get; init; } = "";

    /// <summary>The provider's HTTP status; 0: none.</summary>
    [DataMember(Order = 3)]
    public int Status { get; init; }

    /// <summary>Milliseconds the provider asked to be left alone; 0: it did not.</summary>
    [DataMember(Order = 4)]
    public long PauseMilliseconds { get; init; }

    /// <summary>What to do, where the status alone does not say it.</summary>
    [DataMember(Order = 5)]
    public string? Cure { get; init; }

    /// <summary>Of what did not fit, or waits: how many.</summary>
    [DataMember(Order = 6)]
    public int Count { get; init; }

    /// <summary>How many there is room for.</summary>
    [DataMember(Order = 7)]
    public int Room { get; init; }
}

/// <summary>How a model can fail.</summary>
public enum EngineFailureKind
{
    /// <summary>It could not be reached.</summary>
    Unreachable,

    /// <summary>Too many wait for it.</summary>
    Busy,

    /// <summary>The conversation does not fit.</summary>
    TooLong,

    /// <summary>It did not make the tool call that was demanded.</summary>
    CallMissing,

    /// <summary>The demanded tool call was cut off.</summary>
    CallCutOff,

    /// <summary>It did not answer in time.</summary>
    Late,

    /// <summary>Its provider answered with an error.</summary>
    Provider,

    /// <summary>The process of the role has no such model.</summary>
    Missing,
}

/// <summary>Texts that shall become vectors.</summary>
[DataContract]
public sealed record EmbedRequest
{
    /// <summary>The configured name of the model.</summary>
    [DataMember(Order = 1)]
    public string Model { get; init; } = "";

    /// <summary>The texts.</summary>
    [DataMember(Order = 2)]
    public List<string> Texts { get; init; } = [];

    /// <summary>Numbers wanted in a vector; 0: all.</summary>
    [DataMember(Order = 3)]
    public int Dimensions { get; init; }
}

/// <summary>The vectors, or why there are none.</summary>
[DataContract]
public sealed record EmbedReply
{
    /// <summary>Little-endian 32-bit floats, one array for each text.</summary>
    [DataMember(Order = 1)]
    public List<byte[]> Vectors { get; init; } = [];

    /// <summary>Tokens the model counted; 0: it did not tell.</summary>
    [DataMember(Order = 2)]
    public long Tokens { get; init; }

    /// <summary>Why there are none.</summary>
    [DataMember(Order = 3)]
    public EngineFailure? Failure { get; init; }
}
