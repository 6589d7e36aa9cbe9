using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Agents;

/// <summary>Counts a tool's calls, their outcome and their time in the run's report.</summary>
internal sealed class MeasuredFunction(AIFunction inner, RunReport report, TimeProvider time) : DelegatingAIFunction(inner)
{
    /// <summary>How a tool's expected failure begins.</summary>
    public const string Error = "error:";

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var success = false;
        try
        {
            var result = await base.InvokeCoreAsync(arguments, cancellationToken).ConfigureAwait(false);
            success = result?.ToString()?.StartsWith(Error, StringComparison.Ordinal) != true;
            return result;
        }
        finally
        {
            report.ToolCalled(Name, success, time.GetElapsedTime(started));
        }
    }
}
