using System.Runtime.CompilerServices;
using AgentSystem.ServiceDefaults.Inference.Onnx.Engine;
using Microsoft.Extensions.AI;

namespace AgentSystem.ServiceDefaults.Inference.Onnx;

/// <summary>
/// Answers from a model in this process. The last update carries the usage, the reason for ending and, as <see cref="MeanLogProbability"/>, how sure the
/// model was. Honoured options: tools and tool mode, temperature, top-p, top-k, seed, output tokens, stop strings, instructions.
/// </summary>
internal sealed class OnnxChatClient : IChatClient, ILoadableModel
{
    /// <summary>Key in <c>AdditionalProperties</c>: the mean over the answer's tokens of the natural logarithm of their probability, a double of 0 or less.</summary>
    public const string MeanLogProbability = "mean_logprob";

    private readonly ConfiguredModel _model;
    private readonly TimeProvider _time;
    private readonly bool _freely;
    private readonly Lazy<Task<OnnxModel>> _loading;
    private readonly ChatClientMetadata _metadata;

    /// <param name="load">Reads the model into memory; called once, on a thread of the pool.</param>
    /// <param name="freely">Decode calls and copied values without restriction.</param>
    public OnnxChatClient(ConfiguredModel model, Func<OnnxModel> load, TimeProvider time, bool freely = false)
    {
        (_model, _time, _freely) = (model, time, freely);
        _loading = new Lazy<Task<OnnxModel>>(() => Task.Run(load));
        _metadata = new ChatClientMetadata(model.Provider, providerUri: null, model.Model);
    }

    public Task LoadAsync(CancellationToken cancellationToken) => _loading.Value.WaitAsync(cancellationToken);

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var model = await _loading.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
        // A reader who walks away without cancelling leaves no work running either: this source ends with the enumeration.
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var (turn, request, reader) = model.Start(messages, options, _freely, abandoned.Token);
        var envelope = new Envelope($"chatcmpl-{Guid.NewGuid():N}", _time.GetUtcNow(), _model.Model);
        var (count, sum) = (0, 0.0);
        try
        {
            await foreach (var token in request.Tokens.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                count++;
                sum += token.LogProbability;
                if (reader.Read(token.Id) is { Length: > 0 } text)
                {
                    yield return envelope.Wrap(new TextContent(text));
                }

                if (reader.IsStopped)
                {
                    break;
                }
            }

            if (reader.Finish() is { Length: > 0 } rest)
            {
                yield return envelope.Wrap(new TextContent(rest));
            }

            if (reader.Call is { } call)
            {
                yield return envelope.Wrap(call);
            }

            yield return envelope.Close(Usage(turn.Prompt.Count, count), Reason(reader, request), count == 0 ? 0 : sum / count);
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

    public void Dispose()
    {
        if (_loading.IsValueCreated && _loading.Value.IsCompletedSuccessfully)
        {
            _loading.Value.Result.Dispose();
        }
    }

    private static ChatFinishReason Reason(Decoding.AnswerReader reader, DecodeRequest request) =>
        reader.Call is not null ? ChatFinishReason.ToolCalls
        : !reader.IsStopped && request.End == DecodeEnd.Length ? ChatFinishReason.Length
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
            update.AdditionalProperties = new() { [MeanLogProbability] = meanLogProbability };
            return update;
        }
    }
}
