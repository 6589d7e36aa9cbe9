using AgentSystem.Contracts.Security;
using AgentSystem.Contracts.Usage;
using AgentSystem.Runtime.Security;

namespace AgentSystem.Runtime.Pipeline;

/// <summary>A request for vectors as the edge hands it over.</summary>
/// <param name="RequestId">The <c>x-request-id</c> of the answer.</param>
/// <param name="Caller">Who asks.</param>
/// <param name="Target">What the client wrote as <c>model</c>: <c>model:&lt;name&gt;</c>, <c>&lt;name&gt;</c>, or <c>embed</c>.</param>
/// <param name="Texts">1 to 2,048 texts, none empty.</param>
/// <param name="Dimensions">Numbers wanted in a vector; null for all the model has.</param>
/// <param name="User">The end user, if the client named one.</param>
/// <param name="Received">Timestamp (of the injected clock) at which the request came in.</param>
public sealed record EmbeddingCall(string RequestId, Caller Caller, string Target, IReadOnlyList<string> Texts, int? Dimensions, string? User, long Received);

/// <summary>How a request for vectors ended.</summary>
/// <param name="Vectors">In the order of the texts; empty on a failure.</param>
/// <param name="Failure">Null when there are vectors.</param>
/// <param name="Usage">What was recorded.</param>
/// <param name="Limits">Limits to tell the client; null when it did not come so far.</param>
public sealed record EmbeddingResult(IReadOnlyList<ReadOnlyMemory<float>> Vectors, RunFailure? Failure, RequestUsage Usage, LimitVerdict? Limits);
