using System.Text.Json;
using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Runs;
using AgentSystem.Runtime.Tools;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Agents;

/// <summary>Makes a tool call as the run's ledger allows: once where it must be once, with the same id whenever it is repeated, not at all before a person approved it.</summary>
/// <param name="inner">The call.</param>
/// <param name="effect">Its class, asked anew for each call: what the run has met by then can make it stricter.</param>
/// <param name="journal">The ledger.</param>
internal sealed class JournaledFunction(AIFunction inner, Func<ToolEffect> effect, RunJournal journal) : DelegatingAIFunction(inner)
{
    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var place = FunctionInvokingChatClient.CurrentContext?.FunctionCallIndex ?? 0;
        return await journal.CallAsync(
            place, Name, effect(), ToolArguments.Write(arguments),
            async (id, cancellation) =>
            {
                ToolCallId.Set(arguments, id);
                var result = await base.InvokeCoreAsync(arguments, cancellation).ConfigureAwait(false);
                return result as string ?? JsonSerializer.Serialize(result, AIJsonUtilities.DefaultOptions);
            },
            cancellationToken).ConfigureAwait(false);
    }
}
