using System.Globalization;
using System.Runtime.CompilerServices;
using AgentSystem.Contracts.Roles;

namespace AgentSystem.Benchmarks.Roles;

/// <summary>A memory that does nothing: what is measured is the way to it.</summary>
internal sealed class EchoMemory : IMemoryService
{
    public ValueTask<RememberReply> RememberAsync(RememberRequest request, CancellationToken cancellation) => new(new RememberReply { Id = request.Text });

    public ValueTask<RecallReply> RecallAsync(RecallRequest request, CancellationToken cancellation) => new(new RecallReply());
}

/// <summary>A model that says as many pieces as its name.</summary>
internal sealed class CountingInference : IInferenceService
{
    public async IAsyncEnumerable<AnswerPiece> AnswerAsync(AnswerRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var piece = 0; piece < int.Parse(request.Model, CultureInfo.InvariantCulture); piece++)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return new AnswerPiece { Update = """{"role":"assistant","contents":[{"$type":"text","text":"word "}]}""" };
        }

        await Task.CompletedTask;
    }

    public ValueTask<EmbedReply> EmbedAsync(EmbedRequest request, CancellationToken cancellation) => new(new EmbedReply());
}
