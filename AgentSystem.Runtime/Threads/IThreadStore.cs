using AgentSystem.Contracts.Threads;

namespace AgentSystem.Runtime.Threads;

/// <summary>Where conversations are kept. What is outside a <see cref="ThreadScope"/> does not exist for it.</summary>
public interface IThreadStore
{
    /// <summary>Begins a thread without messages.</summary>
    Task<ThreadView> AddAsync(NewThread thread, CancellationToken cancellation);

    /// <summary>Begins a thread with its first turn, both or neither: nobody ever meets it without messages.</summary>
    /// <param name="id">Made by <see cref="ThreadLimits.NewId"/>, given to nobody else.</param>
    /// <param name="thread">The thread.</param>
    /// <param name="turn">What was asked and answered.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task BeginAsync(string id, NewThread thread, NewTurn turn, CancellationToken cancellation);

    /// <summary>The thread, or null.</summary>
    Task<ThreadView?> FindAsync(ThreadScope scope, string id, CancellationToken cancellation);

    /// <summary>Threads, the one with the newest message first.</summary>
    Task<IReadOnlyList<ThreadView>> ListAsync(ThreadScope scope, ThreadQuery query, CancellationToken cancellation);

    /// <summary>Changes what is not null and returns the thread as it is then; null when there is none.</summary>
    Task<ThreadView?> UpdateAsync(ThreadScope scope, string id, string? title, IReadOnlyDictionary<string, string>? metadata, CancellationToken cancellation);

    /// <summary>Removes the thread and its messages for good; false when there is none.</summary>
    Task<bool> DeleteAsync(ThreadScope scope, string id, CancellationToken cancellation);

    /// <summary>Messages of a thread; null when there is no such thread.</summary>
    Task<IReadOnlyList<MessageView>?> MessagesAsync(ThreadScope scope, string id, MessageQuery query, CancellationToken cancellation);

    /// <summary>What the next turn needs to know of a thread; null when there is none.</summary>
    /// <param name="scope">Whose.</param>
    /// <param name="id">The thread.</param>
    /// <param name="limit">Most messages, the newest, system messages not counted.</param>
    /// <param name="until">Number of the last message to read; null: the newest.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<ThreadHistory?> HistoryAsync(ThreadScope scope, string id, int limit, int? until, CancellationToken cancellation);

    /// <summary>Adds messages at the end, all or none, next to each other and numbered without gaps, whoever else appends at the same time. The first number; null when there is no such thread.</summary>
    Task<int?> AppendAsync(ThreadScope scope, string id, NewTurn turn, CancellationToken cancellation);
}

/// <summary>Whose threads.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="User">A user as runs name it (<c>user:...</c> or <c>key:...</c>); null: everybody of the tenant.</param>
public sealed record ThreadScope(string Tenant, string? User);

/// <summary>A thread to begin.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="User">As in <see cref="ThreadScope"/>.</param>
/// <param name="Agent">The only agent it may be held with; null: any.</param>
/// <param name="Title">At most 200 characters; null: the first question gives one.</param>
/// <param name="Metadata">See <see cref="ThreadLimits"/>.</param>
public sealed record NewThread(string Tenant, string User, string? Agent, string? Title, IReadOnlyDictionary<string, string> Metadata);

/// <summary>Which threads.</summary>
/// <param name="Agent">Only those begun with this agent.</param>
/// <param name="Text">Only those that hold these words, in the syntax of a web search.</param>
/// <param name="After">The last one already shown.</param>
/// <param name="Limit">Most rows.</param>
public sealed record ThreadQuery(string? Agent, string? Text, ThreadPosition? After, int Limit);

/// <summary>A place in the list of threads.</summary>
public sealed record ThreadPosition(DateTimeOffset UpdatedAt, string Id);

/// <summary>Which messages.</summary>
/// <param name="NewestFirst">The order.</param>
/// <param name="After">Number of the last one already shown.</param>
/// <param name="Limit">Most rows.</param>
public sealed record MessageQuery(bool NewestFirst, int? After, int Limit);

/// <summary>A thread as the next turn sees it.</summary>
/// <param name="Thread">The thread.</param>
/// <param name="User">Whose it is, as in <see cref="ThreadScope"/>.</param>
/// <param name="System">Its newest system message.</param>
/// <param name="Messages">Its newest messages without system messages, oldest first.</param>
public sealed record ThreadHistory(ThreadView Thread, string User, string? System, IReadOnlyList<MessageView> Messages);

/// <summary>Messages that belong together.</summary>
/// <param name="Messages">In their order; at least one.</param>
/// <param name="RequestId">The request they came with; null for messages added by hand.</param>
/// <param name="Agent">Who answered.</param>
/// <param name="Title">For a thread that has none.</param>
public sealed record NewTurn(IReadOnlyList<NewMessage> Messages, string? RequestId, string? Agent, string? Title);

/// <summary>A message to keep; its members are those of <see cref="MessageView"/>.</summary>
public sealed record NewMessage(string Role, string Text, IReadOnlyList<MessageCall> Calls, string? CallId = null, bool Cut = false);
