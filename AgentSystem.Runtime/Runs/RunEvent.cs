using System.Text.Json;

namespace AgentSystem.Runtime.Runs;

/// <summary>Something that happened in a run, as its event stream tells it.</summary>
/// <param name="Number">Its place in the run's stream, from 1 and without gaps; the SSE id.</param>
/// <param name="Type">One of <see cref="RunEvents"/>.</param>
/// <param name="Data">A JSON object, in the platform's style.</param>
/// <param name="At">When.</param>
public sealed record RunEvent(long Number, string Type, JsonElement Data, DateTimeOffset At);

/// <summary>Types of events and what their data hold.</summary>
public static class RunEvents
{
    /// <summary><c>{"status"}</c>: the run stands elsewhere. The end is told by <see cref="Finished"/> too.</summary>
    public const string Status = "run.status";

    /// <summary><c>{"index","kind","name","attempt"}</c>. Begun again with a higher attempt, it replaces what was told of the earlier one, its deltas too.</summary>
    public const string StepStarted = "step.started";

    /// <summary><c>{"index","kind","name","status","duration_ms","input_tokens","output_tokens","cost_usd"}</c>.</summary>
    public const string StepFinished = "step.finished";

    /// <summary><c>{"index","text"}</c>: the next piece of the answer of model step <c>index</c>; several tokens in one.</summary>
    public const string Delta = "message.delta";

    /// <summary><c>{"index","call_id","tool","effect","arguments","arguments_hash","reason"}</c>; <c>reason</c> is <c>approval</c> (before a call of an unsafe tool) or <c>unknown</c> (its outcome was lost).</summary>
    public const string ApprovalRequired = "approval.required";

    /// <summary><c>{"status","output","error":{"code","message"}|null}</c>: the last event of every run.</summary>
    public const string Finished = "run.finished";
}
