using AgentSystem.Contracts.Security;
using AgentSystem.Contracts.Threads;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Threads;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Pipeline;

/// <summary>A run's part in a conversation: what was said before goes in front of the request, and after success what was asked and answered is added.</summary>
internal sealed class ThreadTurns(IThreadStore threads, IOptions<ThreadOptions> options, TimeProvider time)
{
    /// <summary>The id that asks for a new thread.</summary>
    public const string New = "new";

    private static readonly Dictionary<string, string> NoMetadata = [];

    /// <summary>
    /// Finds the thread the request names and puts its history before the conversation, or gives a new one its id; it is begun once there is a turn to keep.
    /// Needs the conversation in canonical form.
    /// </summary>
    public async ValueTask<RunFailure?> AttachAsync(RunContext run, CancellationToken cancellation)
    {
        if (run.Call.Thread is not { } id)
        {
            return null;
        }

        if (id == New)
        {
            (run.ThreadId, run.BeginsThread) = (ThreadLimits.NewId(time.GetUtcNow()), true);
            return null;
        }

        var agent = run.Agent!.Name;
        // Another user's thread, and another tenant's, do not exist for this request.
        var scope = MeetsAll(run.Call) ? Scope(run) with { User = null } : Scope(run);
        if (await threads.HistoryAsync(scope, id, options.Value.MaxHistoryMessages, run.Call.Journal?.Held.ThreadMessages, cancellation).ConfigureAwait(false) is not { } history)
        {
            if (run.Call.Journal?.Held.BeginsThread == true)
            {
                (run.ThreadId, run.BeginsThread) = (id, true);
                return null;
            }

            return RunFailure.NotFound(ThreadFailures.NotFoundCode, $"There is no thread \"{id}\" of this request's user; send \"new\" to begin one, and the same \"user\" in every call on it.", "metadata.thread_id");
        }

        if (history.Thread.Agent is { } held && held != agent)
        {
            return ThreadFailures.AgentMismatch(id, held, agent);
        }

        if (history.Thread.Messages >= options.Value.MaxMessages)
        {
            return ThreadFailures.Full(id, options.Value.MaxMessages);
        }

        // Who goes on with somebody's thread speaks for them: memory, cache and the turn are the thread's user's.
        (run.ThreadId, run.ThreadSystem, run.User, run.ThreadMessages) = (id, history.System, history.User, history.Thread.Messages);
        run.Conversation = Join(run, history);
        return null;
    }

    /// <summary>Adds the turn. The answer is whole by now, so it is kept also when the client has hung up meanwhile, and not kept when the thread was deleted meanwhile.</summary>
    public async ValueTask KeepAsync(RunContext run)
    {
        if (run.ThreadId is not { } id)
        {
            return;
        }

        IReadOnlyList<NewMessage> produced = run.CacheOutcome == "miss" ? ThreadMessages.Produced(run.Transcript) : [new NewMessage(ChatRole.Assistant.Value, run.Answer!.Text, [])];
        var turn = Turn(run, produced);
        if (run.Call.Journal is not null)
        {
            run.Turn = turn;
            return;
        }

        await AddAsync(run, id, turn).ConfigureAwait(false);
    }

    /// <summary>
    /// Adds the turn of a stream whose client hung up: what was asked, and what was said until then as one message that says it was cut. Without a word of an answer there is no turn.
    /// Calls of the agent's own tools are left out: whoever goes on could not be told what became of the last of them.
    /// </summary>
    /// <returns>True when there was something to keep.</returns>
    public async ValueTask<bool> KeepCutAsync(RunContext run)
    {
        if (run.ThreadId is not { } id || run.Call.Journal is not null || run.Shown is not { Length: > 0 } said)
        {
            return false;
        }

        await AddAsync(run, id, Turn(run, [new NewMessage(ChatRole.Assistant.Value, ThreadLimits.Storable(said), [], Cut: true)])).ConfigureAwait(false);
        return true;
    }

    private static NewTurn Turn(RunContext run, IEnumerable<NewMessage> produced)
    {
        // A system message is sent with every call, and kept when it changes.
        var asked = ThreadMessages.Of(Canonical.Conversation(run.Call.Messages)).Where(message => message.Role != ChatRole.System.Value || message.Text != run.ThreadSystem);
        return new NewTurn([.. asked, .. produced], run.Call.RequestId, run.Agent!.Name, Title(run));
    }

    private async ValueTask AddAsync(RunContext run, string id, NewTurn turn)
    {
        if (run.BeginsThread)
        {
            await threads.BeginAsync(id, new NewThread(run.Call.Caller.Tenant, run.User, turn.Agent, turn.Title, NoMetadata), turn, CancellationToken.None).ConfigureAwait(false);
            return;
        }

        await threads.AppendAsync(Scope(run), id, turn, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Whether the call goes on with any thread of the tenant: its key may change them all, and it speaks for nobody in particular.</summary>
    private static bool MeetsAll(ChatCall call) => call is { Caller.BoundUser: null, User: null or "" } && call.Caller.Has(Scopes.ThreadsWrite);

    /// <summary>System messages first, the request's own or else the thread's: many models take them nowhere else.</summary>
    private static IReadOnlyList<ChatMessage> Join(RunContext run, ThreadHistory history)
    {
        var leading = run.Conversation.TakeWhile(static message => message.Role == ChatRole.System).ToList();
        List<ChatMessage> asked = [.. run.Conversation.Skip(leading.Count)];
        if (leading.Count == 0 && history.System is { } system)
        {
            leading.Add(new ChatMessage(ChatRole.System, system));
        }

        var window = HistoryWindow.Cut(history.Messages, asked, Room(run, HistoryWindow.Tokens([.. leading, .. asked])));
        return [.. leading, .. window.Select(ThreadMessages.Replay), .. asked];
    }

    /// <summary>What the model's context leaves beside the instructions, the request and the answer; the answer takes at most half of it. Null when the context is not known.</summary>
    private static long? Room(RunContext run, long request)
    {
        if (run.Model!.View.ContextTokens is not { } context)
        {
            return null;
        }

        var answer = Math.Min(Math.Min(run.Call.Options.MaxOutputTokens ?? int.MaxValue, run.Agent!.Limits.MaxOutputTokens), context / 2);
        return Math.Max(0, context - answer - request - (run.Agent.Instructions.Length / HistoryWindow.CharactersPerToken));
    }

    private static string? Title(RunContext run) =>
        run.Call.Messages.FirstOrDefault(static message => message.Role == ChatRole.User)?.Text is { } question ? ThreadLimits.TitleOf(Canonical.Text(question)) : null;

    private static ThreadScope Scope(RunContext run) => new(run.Call.Caller.Tenant, run.User);
}
