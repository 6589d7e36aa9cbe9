using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace AgentSystem.Tests.Harness;

/// <summary>A model that says what a test tells it to: hand-written, so that a test reads what the model does.</summary>
public sealed class ScriptedModel : IChatClient
{
    private readonly ConcurrentQueue<Turn> turns = new();

    /// <summary>Every conversation it was asked to continue, in order.</summary>
    public ConcurrentQueue<(IReadOnlyList<ChatMessage> Messages, ChatOptions? Options)> Asked { get; } = new();

    /// <summary>What it says when no turn is scripted. The default answers the last user text in upper case.</summary>
    public Func<IReadOnlyList<ChatMessage>, Turn> Otherwise { get; set; } = messages => Turn.Says((messages.LastOrDefault(m => m.Role == ChatRole.User)?.Text ?? "").ToUpperInvariant());

    /// <summary>Answers under way right now.</summary>
    public int UnderWay => Volatile.Read(ref underWay);

    private int underWay;

    /// <summary>Adds turns to the script.</summary>
    public ScriptedModel Then(params Turn[] more)
    {
        foreach (var turn in more)
        {
            turns.Enqueue(turn);
        }

        return this;
    }

    /// <summary>Forgets the turns nobody asked for.</summary>
    public void Forget() => turns.Clear();

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        List<ChatMessage> conversation = [.. messages];
        Asked.Enqueue((conversation, options));
        var turn = turns.TryDequeue(out var next) ? next : Otherwise(conversation);
        Interlocked.Increment(ref underWay);
        try
        {
            await Task.Yield();
            if (turn.Failure is { } failure)
            {
                throw failure;
            }

            foreach (var piece in turn.Pieces)
            {
                yield return new ChatResponseUpdate(ChatRole.Assistant, [piece]) { ResponseId = turn.Id, MessageId = turn.Id };
                if (turn.Gate is { } gate)
                {
                    await gate.WaitAsync(cancellationToken);
                }
            }

            if (turn.FailureAfter is { } late)
            {
                throw late;
            }

            var usage = new UsageContent(new UsageDetails { InputTokenCount = 10, OutputTokenCount = turn.Pieces.Count });
            yield return new ChatResponseUpdate(ChatRole.Assistant, [usage]) { FinishReason = turn.Reason, ResponseId = turn.Id, MessageId = turn.Id };
        }
        finally
        {
            Interlocked.Decrement(ref underWay);
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
        // Nothing is held.
    }
}

/// <summary>One answer of the scripted model.</summary>
public sealed record Turn(IReadOnlyList<AIContent> Pieces, ChatFinishReason Reason)
{
    private static int ids;

    public string Id { get; } = $"turn-{Interlocked.Increment(ref ids)}";

    /// <summary>Thrown before the first piece.</summary>
    public Exception? Failure { get; init; }

    /// <summary>Thrown after the last piece.</summary>
    public Exception? FailureAfter { get; init; }

    /// <summary>Waited for after every piece.</summary>
    public SemaphoreSlim? Gate { get; init; }

    /// <summary>Says a text, word by word.</summary>
    public static Turn Says(string text) => new([.. text.Split(' ').Select((word, i) => (AIContent)new TextContent(i == 0 ? word : " " + word))], ChatFinishReason.Stop);

    /// <summary>Calls a tool.</summary>
    public static Turn Calls(string tool, string argument, string value) =>
        new([new FunctionCallContent($"call-{Interlocked.Increment(ref ids)}", tool, new Dictionary<string, object?> { [argument] = value })], ChatFinishReason.ToolCalls);

    /// <summary>Fails before it has said anything.</summary>
    public static Turn Fails(Exception failure) => new([], ChatFinishReason.Stop) { Failure = failure };
}
