using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Pipeline;

/// <summary>Where an answer goes while it is made. A request that does not stream has none.</summary>
public interface IAnswerSink
{
    /// <summary>Takes one piece of the answer: text, or a call of one of the client's own tools. <paramref name="run"/> tells what is known by then.</summary>
    ValueTask WriteAsync(RunContext run, ChatResponseUpdate update, CancellationToken cancellation);
}
