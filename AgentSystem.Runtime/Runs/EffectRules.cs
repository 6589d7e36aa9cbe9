using AgentSystem.Contracts.Tools;

namespace AgentSystem.Runtime.Runs;

/// <summary>What the effect class of a tool allows, given what the ledger knows of a call that is not done.</summary>
public static class EffectRules
{
    /// <summary>Calls of a tool that may be repeated, before a fault is its result.</summary>
    public const int Tries = 2;

    /// <summary>What the model reads when a tool that may be repeated failed each time.</summary>
    public const string Fault = "error: the tool failed; try again later or go on without it";

    /// <summary>Whether a call whose outcome is not known may be made again with the same id.</summary>
    public static bool MayRepeat(ToolEffect effect) => effect is ToolEffect.Read or ToolEffect.Idempotent;

    /// <summary>The next move.</summary>
    /// <param name="effect">The tool's class now; it may be another than when the call was planned, and the stricter one holds.</param>
    /// <param name="step">What is recorded; null: nothing.</param>
    /// <param name="argumentsHash">Of the arguments the call would be made with. A decision holds for its own arguments only.</param>
    public static CallMove Next(ToolEffect effect, RunStep? step, string argumentsHash)
    {
        var recorded = step?.Call;
        var strictest = recorded is { } entry && entry.Effect > effect ? entry.Effect : effect;
        if (MayRepeat(strictest))
        {
            return CallMove.Make;
        }

        var decision = recorded?.ArgumentsHash == argumentsHash ? recorded.Decision : null;
        return (step?.Status, decision) switch
        {
            (null, _) => strictest == ToolEffect.Unsafe ? CallMove.AskFirst : CallMove.Make,
            // It was being made when its holder was lost; what was decided before that is used up.
            (StepStatus.Started or StepStatus.Running, _) => CallMove.AskWhether,
            (StepStatus.Unknown, null) => CallMove.AskWhether,
            (_, null) => CallMove.AskFirst,
            (_, { Approved: true }) => CallMove.Make,
            _ => CallMove.Refuse,
        };
    }

    /// <summary>What the model reads of a call a person said no to.</summary>
    public static string Refusal(RunStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var reason = step.Call?.Decision?.Reason is { Length: > 0 } given ? $": {given}" : "";
        return step.Status == StepStatus.Unknown
            ? $"error: it is not known whether this call had its effect, and a person decided not to repeat it{reason}"
            : $"error: a person did not approve this call{reason}";
    }
}

/// <summary>What to do about a tool call.</summary>
public enum CallMove
{
    /// <summary>Make it.</summary>
    Make,

    /// <summary>A person approves it before it is made.</summary>
    AskFirst,

    /// <summary>A person decides whether it is made again.</summary>
    AskWhether,

    /// <summary>A person said no; the model is told.</summary>
    Refuse,
}
