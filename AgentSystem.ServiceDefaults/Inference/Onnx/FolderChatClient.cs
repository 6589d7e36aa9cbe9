using System.Runtime.CompilerServices;
using AgentSystem.Contracts.Models;
using AgentSystem.ServiceDefaults.Inference.Onnx.Engine;
using Microsoft.Extensions.AI;

namespace AgentSystem.ServiceDefaults.Inference.Onnx;

/// <summary>
/// Answers from a model folder run in this process, whichever engine runs it. The last update carries the usage, the reason for ending and, as <see cref="MeanLogProbability"/>, how sure the
/// model was, where the engine knows it. Honoured options: tools and tool mode, temperature, top-p, top-k, seed, output tokens, stop strings, instructions.
/// </summary>
internal sealed class FolderChatClient : IChatClient, ILoadableModel
{
    /// <summary>Key in <c>AdditionalProperties</c>: the mean over the answer's tokens of the natural logarithm of their probability, a double of 0 or less.</summary>
    public const string MeanLogProbability = "mean_logprob";

    private readonly ConfiguredModel _model;
    private readonly TimeProvider _time;
    private readonly LoadOnce<IFolderModel> _loading;
    private readonly ChatClientMetadata _metadata;

    /// <param name="load">Reads the model into memory; called once, on a thread of the pool.</param>
    public FolderChatClient(ConfiguredModel model, Func<IFolderModel> load, TimeProvider time)
    {
        (_model, _time) = (model, time);
        _loading = new LoadOnce<IFolderModel>(load);
        _metadata = new ChatClientMetadata(model.Provider, providerUri: null, model.Model);
    }

    public Task LoadAsync(CancellationToken cancellationToken) => _loading.GetAsync(retry: true, cancellationToken);

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var model = await _loading.GetAsync(retry: false, cancellationToken).ConfigureAwait(false);
        // A reader who walks away without cancelling leaves no work running either: this source ends with the enumeration.
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var answer = model.Start(messages, options, abandoned.Token);
        var reader = answer.Reader;
        var envelope = new Envelope($"chatcmpl-{Guid.NewGuid():N}", _time.GetUtcNow(), _model.Model);
        var (count, sum) = (0, 0.0);
        try
        {
            await foreach (var token in answer.Tokens.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                count++;
                sum += token.LogProbability;
                if (reader.Read(token.Id) is { Length: > 0 } text && !answer.MustCall)
                {
                    yield return envelope.Wrap(new TextContent(text));
                }

                if (reader.IsStopped)
                {
                    break;
                }
            }

            if (reader.Finish() is { Length: > 0 } rest && !answer.MustCall)
            {
                yield return envelope.Wrap(new TextContent(rest));
            }

            if (reader.Call is { } call)
            {
                yield return envelope.Wrap(call);
            }
            else if (answer.MustCall)
            {
                // What was decoded is half a call, or one that no offered tool could take: as text it would look like an answer.
                throw new ModelCallMissingException(_model.Name, answer.End() == DecodeEnd.Length);
            }

            yield return envelope.Close(Usage(answer.PromptTokens, count), Reason(reader, answer.End()), count == 0 ? double.NaN : sum / count);
        }
        finally
        {
            await abandoned.CancelAsync().ConfigureAwait(false);
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? _metadata
        : serviceType.IsInstanceOfType(this) ? this
        : null;

    public void Dispose() => _loading.Dispose();

    private static ChatFinishReason Reason(Decoding.AnswerReader reader, DecodeEnd end) =>
        reader.Call is not null ? ChatFinishReason.ToolCalls
        : !reader.IsStopped && end == DecodeEnd.Length ? ChatFinishReason.Length
        : ChatFinishReason.Stop;

    private static UsageDetails Usage(int input, int output) => new() { InputTokenCount = input, OutputTokenCount = output, TotalTokenCount = input + output };

    /// <summary>What all updates of an answer have in common.</summary>
    private sealed record Envelope(string Id, DateTimeOffset CreatedAt, string Model)
    {
        public ChatResponseUpdate Wrap(AIContent content) => new(ChatRole.Assistant, [content]) { ResponseId = Id, MessageId = Id, CreatedAt = CreatedAt, ModelId = Model };

        public ChatResponseUpdate Close(UsageDetails usage, ChatFinishReason reason, double meanLogProbability)
        {
            var update = Wrap(new UsageContent(usage));
            update.FinishReason = reason;
            // What concerns the whole answer belongs to the response, not to its message.
            update.MessageId = null;
            update.AdditionalProperties = double.IsNaN(meanLogProbability) ? null : new() { [MeanLogProbability] = meanLogProbability };
            return update;
        }
    }
}
