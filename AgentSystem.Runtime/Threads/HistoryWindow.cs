using AgentSystem.Contracts.Threads;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Threads;

/// <summary>The part of a thread that goes to the model: it begins with a question, never separates a tool's call from its result, and fits.</summary>
public static class HistoryWindow
{
    /// <summary>Our estimate for models whose tokenizer is not at hand; true for English prose, too low for most other texts.</summary>
    public const int CharactersPerToken = 4;

    /// <summary>Cuts the history.</summary>
    /// <param name="stored">The newest messages of the thread, oldest first, without system messages.</param>
    /// <param name="request">What the client sends now; results of calls at the end of the thread belong to them.</param>
    /// <param name="tokens">Room for the history, by <see cref="CharactersPerToken"/>; null: unknown, not cut by it.</param>
    public static IReadOnlyList<MessageView> Cut(IReadOnlyList<MessageView> stored, IReadOnlyList<ChatMessage> request, long? tokens)
    {
        ArgumentNullException.ThrowIfNull(stored);
        ArgumentNullException.ThrowIfNull(request);
        var results = LeadingResults(request);
        // A request that answers the thread's last calls makes no sense without them, so their turn stays whatever it costs.
        var needed = results.Count > 0 && OpenCalls(stored).Any(results.Contains);
        var (start, cost) = (stored.Count, 0L);
        for (var i = stored.Count - 1; i >= 0; i--)
        {
            cost += Cost(stored[i]);
            var last = needed && start == stored.Count;
            if (tokens is { } room && cost > room * CharactersPerToken && !last)
            {
                break;
            }

            if (stored[i].Role == "user")
            {
                start = i;
            }
        }

        return Whole([.. stored.Skip(start)], results);
    }

    /// <summary>Estimated tokens of what a client sends.</summary>
    public static long Tokens(IEnumerable<ChatMessage> messages) => messages.Sum(static message => (long)message.Contents.Sum(static content => content switch
    {
        TextContent text => text.Text.Length,
        FunctionResultContent { Result: string result } => result.Length,
        _ => 0,
    })) / CharactersPerToken;

    private static long Cost(MessageView message) => message.Text.Length + message.Calls.Sum(static call => (long)call.Name.Length + call.Arguments.Length);

    /// <summary>A model refuses a call without its result and a result without its call; either can be left from a client that went away.</summary>
    private static List<MessageView> Whole(IReadOnlyList<MessageView> messages, HashSet<string> following)
    {
        var whole = new List<MessageView>(messages.Count);
        for (var i = 0; i < messages.Count;)
        {
            var message = messages[i++];
            if (message.Role == "tool")
            {
                continue;
            }

            var results = new List<MessageView>();
            while (i < messages.Count && messages[i].Role == "tool")
            {
                results.Add(messages[i++]);
            }

            var answered = results.Select(static result => result.CallId!).Concat(i == messages.Count ? following : []).ToHashSet(StringComparer.Ordinal);
            var calls = message.Calls.Where(call => answered.Contains(call.Id)).ToList();
            if (message.Text.Length > 0 || calls.Count > 0)
            {
                whole.Add(message with { Calls = calls });
                whole.AddRange(results.Where(result => calls.Exists(call => call.Id == result.CallId)));
            }
        }

        return whole;
    }

    private static HashSet<string> LeadingResults(IReadOnlyList<ChatMessage> request) =>
        [.. request.TakeWhile(static message => message.Role == ChatRole.Tool).SelectMany(static message => message.Contents).OfType<FunctionResultContent>().Select(static result => result.CallId)];

    private static IEnumerable<string> OpenCalls(IReadOnlyList<MessageView> stored) =>
        stored.Reverse().SkipWhile(static message => message.Role == "tool").Take(1).SelectMany(static message => message.Calls).Select(static call => call.Id);
}
