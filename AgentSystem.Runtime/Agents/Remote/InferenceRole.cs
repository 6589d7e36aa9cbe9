using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AgentSystem.Contracts.Models;
using AgentSystem.Contracts.Roles;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Agents.Remote;

/// <summary>Answers with the models of this process for others. Retries, limits and budgets are the caller's.</summary>
internal sealed class InferenceRole(IModelSource models) : IInferenceService
{
    private static readonly EngineFailure Missing = new() { Kind = EngineFailureKind.Missing };

    public async IAsyncEnumerable<AnswerPiece> AnswerAsync(AnswerRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (models.Find<IChatClient>(request.Model) is not { } model)
        {
            yield return new AnswerPiece { Failure = Missing };
            yield break;
        }

        var (messages, options) = (RoleJson.Read<List<ChatMessage>>(request.Messages), RoleJson.ReadOptions(request.Options, request.Tools));
        await using var updates = model.GetStreamingResponseAsync(messages, options, cancellation).GetAsyncEnumerator(cancellation);
        while (await NextAsync(updates, cancellation).ConfigureAwait(false) is { } piece)
        {
            yield return piece;
            if (piece.Failure is not null)
            {
                yield break;
            }
        }
    }

    public async ValueTask<EmbedReply> EmbedAsync(EmbedRequest request, CancellationToken cancellation)
    {
        if (models.Find<IEmbeddingGenerator<string, Embedding<float>>>(request.Model) is not { } model)
        {
            return new EmbedReply { Failure = Missing };
        }

        try
        {
            var options = request.Dimensions > 0 ? new EmbeddingGenerationOptions { Dimensions = request.Dimensions } : null;
            var made = await model.GenerateAsync(request.Texts, options, cancellation).ConfigureAwait(false);
            return new EmbedReply
            {
                Vectors = [.. made.Select(static one => MemoryMarshal.AsBytes(one.Vector.Span).ToArray())],
                Tokens = made.Usage?.InputTokenCount ?? 0,
            };
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && EngineFailures.Write(e) is { } failure)
        {
            return new EmbedReply { Failure = failure };
        }
    }

    private static async ValueTask<AnswerPiece?> NextAsync(IAsyncEnumerator<ChatResponseUpdate> updates, CancellationToken cancellation)
    {
        try
        {
            return await updates.MoveNextAsync().ConfigureAwait(false) ? new AnswerPiece { Update = RoleJson.Write(updates.Current) } : null;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && EngineFailures.Write(e) is { } failure)
        {
            return new AnswerPiece { Failure = failure };
        }
    }
}
