using AgentSystem.Runtime.Runs;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Pipeline.Durable;

/// <summary>Tells the pieces of a run's answer to its event stream, those that were not told by an earlier execution.</summary>
internal sealed class RunSink(RunJournal journal) : IAnswerSink
{
    public ValueTask WriteAsync(RunContext run, ChatResponseUpdate update, CancellationToken cancellation) =>
        journal.IsReplaying || update.Text.Length == 0 ? ValueTask.CompletedTask : journal.SayAsync(update.Text, cancellation);
}
