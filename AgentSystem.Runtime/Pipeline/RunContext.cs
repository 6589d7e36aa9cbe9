using AgentSystem.Contracts.Agents;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Budgets;
using AgentSystem.Runtime.Routing;
using AgentSystem.Runtime.Threads;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Pipeline;

/// <summary>What the phases know of one run. Each phase fills in its own part; nothing is shared between runs.</summary>
public sealed class RunContext(ChatCall call, IAnswerSink? sink, RunReport report)
{
    private readonly System.Text.StringBuilder shown = new();

    /// <summary>The request.</summary>
    public ChatCall Call { get; } = call;

    /// <summary>Where pieces go while the answer is made; null when the request does not stream.</summary>
    public IAnswerSink? Sink { get; } = sink;

    /// <summary>Time, tokens, tools and attempts.</summary>
    public RunReport Report { get; } = report;

    /// <summary>Set by Security: the agent that answers.</summary>
    public AgentDefinition? Agent { get; set; }

    /// <summary>Set by Security: the model behind the agent.</summary>
    public ModelEntry? Model { get; set; }

    /// <summary>Set by Security: whose memory and cache it is; on a thread, the thread's user.</summary>
    public string User { get; set; } = "";

    /// <summary>Set by Security: the conversation in canonical form, which the cache and the model see. The original stays in <see cref="Call"/>.</summary>
    public IReadOnlyList<ChatMessage> Conversation { get; set; } = [];

    /// <summary>Set by Security: calls whose results, sent with the request, read like injections.</summary>
    public HashSet<string> Flagged { get; } = new(StringComparer.Ordinal);

    /// <summary>Set by Security: true when the person's own text reads like an injection, though not surely.</summary>
    public bool Doubted { get; set; }

    /// <summary>Set by Security: the thread this turn is added to; null when the request names none, and when a failed one was to begin it.</summary>
    public string? ThreadId { get; set; }

    /// <summary>Set by Security: true when <see cref="ThreadId"/> is of a thread that this turn begins, which does not exist before the turn is kept.</summary>
    public bool BeginsThread { get; set; }

    /// <summary>Set by Security: the thread's newest system message.</summary>
    public string? ThreadSystem { get; set; }

    /// <summary>Set by Security: how many messages the thread had that this turn reads.</summary>
    public int ThreadMessages { get; set; }

    /// <summary>Set by Store for a durable run: the turn, which is added to the thread in the transaction that ends the run.</summary>
    public NewTurn? Turn { get; set; }

    /// <summary>Set by Security: true once the key's limiter counts this run.</summary>
    public bool Admitted { get; set; }

    /// <summary>Set by Security: limits to tell the client.</summary>
    public Security.LimitVerdict? Limits { get; set; }

    /// <summary>Set by Routing: the proposed instance.</summary>
    public Instance? Instance { get; set; }

    /// <summary>Set by Caching: the exact key; null when this request must not be cached.</summary>
    public string? CacheKey { get; set; }

    /// <summary><c>miss</c> or <c>exact</c>.</summary>
    public string CacheOutcome { get; set; } = "miss";

    /// <summary>Set by Caching on a hit, or by Execution: the whole answer.</summary>
    public ChatResponse? Answer { get; set; }

    /// <summary>Set by Execution: everything the loop produced, tool calls and their results included.</summary>
    public List<ChatResponseUpdate> Transcript { get; } = [];

    /// <summary>Set by Execution in gate mode: pieces held back until the answer has passed.</summary>
    public List<ChatResponseUpdate> Held { get; } = [];

    /// <summary>The text that went to the client so far.</summary>
    public string Shown => shown.ToString();

    /// <summary>Gives a piece to the client.</summary>
    public async ValueTask ShowAsync(ChatResponseUpdate piece, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(piece);
        await Sink!.WriteAsync(this, piece, cancellation).ConfigureAwait(false);
        shown.Append(piece.Text);
    }

    /// <summary>Set by Quality: <c>passed</c> or what is wrong.</summary>
    public string Quality { get; set; } = "unchecked";
}
