using System.Text.Json;
using AgentSystem.Runtime.Runs;
using AgentSystem.Runtime.Security.Guard;
using AgentSystem.Runtime.Tools;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Agents;

/// <summary>
/// A call of one of the agent's own tools under the run's guard: nothing that must stay inside leaves in its arguments, no effect that the Rule of Two forbids, and its result is screened before the model reads it.
/// </summary>
/// <param name="inner">The call.</param>
/// <param name="tool">What it touches.</param>
/// <param name="guard">The run's guard.</param>
/// <param name="asks">True where a person can be asked: a durable run waits for one instead of being refused.</param>
internal sealed class GuardedFunction(AIFunction inner, ITool tool, RunGuard guard, bool asks) : DelegatingAIFunction(inner)
{
    /// <summary>What the model reads of an effect that was refused.</summary>
    public const string Refused = "error: refused, because this answer has read both text from others and private data, and nothing may be changed or sent on top of that without a person; tell the user what you would do, and let them ask for it in a new request";

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        if (!guard.Output.Call(ToolArguments.Write(arguments)))
        {
            return RunGuard.Leaking;
        }

        if (!asks && guard.Stops(Name, tool.Reach))
        {
            return Refused;
        }

        var result = await base.InvokeCoreAsync(arguments, cancellationToken).ConfigureAwait(false);
        var text = result switch { string said => said, null => "", JsonElement json => json.ToString(), _ => JsonSerializer.Serialize(result, AIJsonUtilities.DefaultOptions) };
        // What a tool outside the platform sends may begin like our own words, so as not to be looked at.
        if (!tool.IsForeign && text.StartsWith(MeasuredFunction.Error, StringComparison.Ordinal))
        {
            return result;
        }

        var read = guard.Read(FunctionInvokingChatClient.CurrentContext?.CallContent.CallId ?? "", tool.Reach, tool.Source == PartSource.File, text);
        return ReferenceEquals(read, text) ? result : read;
    }
}
