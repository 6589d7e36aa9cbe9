using AgentSystem.Runtime.Runs;

namespace AgentSystem.Runtime.Webhooks;

/// <summary>Looks at what a message would tell before it leaves.</summary>
public interface IOutgoingCheck
{
    /// <summary>Null when it may leave; otherwise why it may not, in one sentence for people.</summary>
    /// <param name="run">The run it tells about.</param>
    /// <param name="text">The words of its answer or error.</param>
    /// <param name="cancellation">Ends the wait.</param>
    ValueTask<string?> RefuseAsync(RunRecord run, string text, CancellationToken cancellation);
}
