using System.Text.Json;

namespace AgentSystem.Contracts.Runs;

/// <summary>An event of a run as its stream tells it: <paramref name="Number"/> is the SSE id, <paramref name="Type"/> the SSE event, <paramref name="Data"/> the SSE data.</summary>
/// <param name="Number">From 1 and without gaps within the run; the <c>Last-Event-ID</c> to go on after.</param>
/// <param name="Type"><c>run.status</c>, <c>step.started</c>, <c>step.finished</c>, <c>message.delta</c>, <c>approval.required</c>, or <c>run.finished</c>, which is the last unless the run was given up and is retried.</param>
/// <param name="Data">A JSON object.</param>
public sealed record RunEventView(long Number, string Type, JsonElement Data);

/// <summary>Data of <c>message.delta</c>.</summary>
/// <param name="Index">The model step that says it.</param>
/// <param name="Text">To be added to what that step said before.</param>
public sealed record RunMessageDelta(int Index, string Text);
