using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Agents;

/// <summary>A tool whose calls a person approves one by one, where there is nobody to ask: the model is told instead.</summary>
internal sealed class UnapprovedFunction(AIFunction inner) : DelegatingAIFunction(inner)
{
    /// <summary>What the model reads.</summary>
    public const string Refused = "error: refused, because a person must approve each call of this tool and nobody can be asked in a chat; tell the user what you would do, and that a run (POST /api/v1/runs) can do it with an approval";

    protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) => ValueTask.FromResult<object?>(Refused);
}
