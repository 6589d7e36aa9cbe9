using System.Runtime.CompilerServices;
using AgentSystem.Runtime.Runs;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Agents;

/// <summary>Gives the recorded answer of a model call where the run's journal has it; otherwise asks, and has the whole answer recorded before anything is done that it asks for.</summary>
internal sealed class JournaledChatClient(IChatClient inner, string model, RunJournal journal, RunReport report) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken).ConfigureAwait(false);

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (await journal.AskAsync(model, cancellationToken).ConfigureAwait(false) is { } recorded)
        {
            journal.IsReplaying = true;
            foreach (var update in recorded.ToChatResponseUpdates())
            {
                yield return update;
            }

            journal.IsReplaying = false;
            yield break;
        }

        var (input, output, usd) = (report.InputTokens, report.OutputTokens, report.CostUsd);
        var pieces = new List<ChatResponseUpdate>();
        await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken).ConfigureAwait(false))
        {
            pieces.Add(update);
            yield return update;
        }

        await journal.AnsweredAsync(
            pieces.ToChatResponse(), report.Model, (report.InputTokens - input, report.OutputTokens - output, report.CostUsd - usd)).ConfigureAwait(false);
    }
}
