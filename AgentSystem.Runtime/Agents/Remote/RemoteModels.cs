using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AgentSystem.Contracts.Models;
using AgentSystem.Contracts.Roles;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Agents.Remote;

/// <summary>The models of a process that does not serve the role <c>inference</c>: those that run in a process of ours are asked there, those behind somebody's service from here.</summary>
internal sealed class RemoteModels(IModelSource own, IInferenceService service) : IModelSource
{
    /// <summary>How the names of providers begin whose models run in a process of ours.</summary>
    private const string Local = "onnx";

    public IReadOnlyList<ModelView> Models => own.Models;

    public T? Find<T>(string name)
        where T : class
    {
        if (own.Find<T>(name) is not { } found || !own.Models.Any(model => string.Equals(model.Name, name, StringComparison.OrdinalIgnoreCase) && model.Provider.StartsWith(Local, StringComparison.Ordinal)))
        {
            return own.Find<T>(name);
        }

        return found switch
        {
            IChatClient client => new ChatClient(client, name, service) as T,
            IEmbeddingGenerator<string, Embedding<float>> generator => new Generator(generator, name, service) as T,
            _ => found,
        };
    }

    public (int? Dimensions, bool Truncates) VectorsOf(string name) => own.VectorsOf(name);

    /// <param name="described">The model as it would be here: says what it is, and is never asked.</param>
    private sealed class ChatClient(IChatClient described, string name, IInferenceService service) : IChatClient
    {
        public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken).ConfigureAwait(false);

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            var request = new AnswerRequest
            {
                Model = name,
                Messages = RoleJson.Write<List<ChatMessage>>([.. messages]),
                Options = options is null ? null : RoleJson.Write(options),
                Tools = OfferedTools.Write(options?.Tools),
            };
            await foreach (var piece in service.AnswerAsync(request, cancellationToken).ConfigureAwait(false))
            {
                yield return piece.Update is { } update ? RoleJson.ReadUpdate(update) : throw EngineFailures.Read(piece.Failure ?? new EngineFailure(), name);
            }
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => serviceType == typeof(ChatClientMetadata) ? described.GetService(serviceType, serviceKey) : null;

        public void Dispose()
        {
            // Nothing is held; what describes it belongs to its source.
        }
    }

    private sealed class Generator(IEmbeddingGenerator<string, Embedding<float>> described, string name, IInferenceService service) : IEmbeddingGenerator<string, Embedding<float>>
    {
        public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
        {
            var reply = await service.EmbedAsync(new EmbedRequest { Model = name, Texts = [.. values], Dimensions = options?.Dimensions ?? 0 }, cancellationToken).ConfigureAwait(false);
            if (reply.Failure is { } failure)
            {
                throw EngineFailures.Read(failure, name);
            }

            return new GeneratedEmbeddings<Embedding<float>>(reply.Vectors.Select(static bytes => new Embedding<float>(MemoryMarshal.Cast<byte, float>(bytes).ToArray())))
            {
                Usage = reply.Tokens > 0 ? new UsageDetails { InputTokenCount = reply.Tokens, TotalTokenCount = reply.Tokens } : null,
            };
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => serviceType == typeof(EmbeddingGeneratorMetadata) ? described.GetService(serviceType, serviceKey) : null;

        public void Dispose()
        {
            // As above.
        }
    }
}
