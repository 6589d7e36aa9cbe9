using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Agents;

/// <summary>Counts model time and attempts of one run; only the time spent waiting for the model counts, not what is done between two tokens.</summary>
internal sealed class MeasuredChatClient(IChatClient inner, string model, RunReport report, TimeProvider time) : DelegatingChatClient(inner)
{
    /// <summary>Where an engine that knows it puts the mean log-probability (natural log) of the tokens it chose.</summary>
    public const string MeanLogProbability = "mean_logprob";

    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken).ConfigureAwait(false);

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        report.ModelCalled();
        await using var updates = base.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(updates).ConfigureAwait(false))
        {
            report.Answering(model);
            Note(updates.Current);
            yield return updates.Current;
        }
    }

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

    private void Note(ChatResponseUpdate update)
    {
        if (update.AdditionalProperties?.TryGetValue(MeanLogProbability, out var value) == true && value is IConvertible number)
        {
            report.Sure(Convert.ToDouble(number));
        }
    }
}
