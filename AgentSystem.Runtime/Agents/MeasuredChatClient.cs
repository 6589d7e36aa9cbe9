using System.Runtime.CompilerServices;
using AgentSystem.Contracts.Models;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Agents;

/// <summary>Counts model time, attempts and tokens of one run; only the time spent waiting for the model counts, not what is done between two tokens.</summary>
internal sealed class MeasuredChatClient(IChatClient inner, ModelView model, RunReport report, TimeProvider time) : DelegatingChatClient(inner)
{
    /// <summary>Where an engine that knows it puts the mean log-probability (natural log) of the tokens it chose.</summary>
    public const string MeanLogProbability = "mean_logprob";

    private const int CharactersPerToken = 4;

    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken).ConfigureAwait(false);

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        report.ModelCalled();
        var conversation = messages as IReadOnlyCollection<ChatMessage> ?? [.. messages];
        var (counted, pieces) = (false, 0);
        await using var updates = base.GetStreamingResponseAsync(conversation, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        try
        {
            while (await NextAsync(updates).ConfigureAwait(false))
            {
                report.Answering(model.Name);
                counted |= Count(updates.Current);
                pieces += updates.Current.Contents.Count(static content => content is not UsageContent);
                yield return updates.Current;
            }
        }
        finally
        {
            if (!counted && pieces > 0)
            {
                Estimate(conversation, pieces);
            }
        }
    }

    /// <summary>
    /// An answer that was broken off never told its usage, and must not be free: a piece of a stream is about a token, and a token of input
    /// about four characters. Exact settlement of aborted calls comes with budgets.
    /// </summary>
    private void Estimate(IEnumerable<ChatMessage> conversation, int pieces) =>
        report.Spent((conversation.Sum(static message => (long)message.Text.Length) + CharactersPerToken - 1) / CharactersPerToken, pieces, model);

    private async Task<bool> NextAsync(IAsyncEnumerator<ChatResponseUpdate> updates)
    {
        var started = time.GetTimestamp();
        try
        {
            return await updates.MoveNextAsync().ConfigureAwait(false);
        }
        finally
        {
            report.ModelTook(time.GetElapsedTime(started));
        }
    }

    private bool Count(ChatResponseUpdate update)
    {
        var told = false;
        foreach (var usage in update.Contents.OfType<UsageContent>())
        {
            report.Spent(usage.Details.InputTokenCount ?? 0, usage.Details.OutputTokenCount ?? 0, model);
            told = true;
        }

        if (update.AdditionalProperties?.TryGetValue(MeanLogProbability, out var value) == true && value is IConvertible number)
        {
            report.Sure(Convert.ToDouble(number));
        }

        return told;
    }
}
