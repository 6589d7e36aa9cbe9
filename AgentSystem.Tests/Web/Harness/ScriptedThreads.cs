using System.Text.Json;
using AgentSystem.Contracts.Threads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AgentSystem.Tests.Web.Harness;

/// <summary>Conversations: one from the beginning, with a tool call, and those that are begun.</summary>
internal sealed class ScriptedThreads
{
    public const string Known = "thr_birthday";

    private readonly TimeProvider _time;
    private readonly Dictionary<string, (ThreadView View, List<MessageView> Messages)> _threads = [];
    private readonly Lock _gate = new();

    public ScriptedThreads(TimeProvider time)
    {
        _time = time;
        Add(Known, "assistant", "ada", "A birthday and a sum");
        Say(Known, "user", "My sister's birthday is 4 May. What is 17 times 23?");
        Say(Known, "assistant", "", new MessageCall("call_1", "calculator", """{"expression":"17*23"}"""));
        Say(Known, "tool", """{"result":"391"}""", callId: "call_1");
        Say(Known, "assistant", "I'll remember it. 17 times 23 is **391**. <b>Not bold</b>");
        Add("thr_untitled", null, "console", null);
    }

    /// <summary>Threads there are.</summary>
    public int Count => _threads.Count;

    /// <summary>Makes a thread long.</summary>
    public void Prolong(string id, int messages)
    {
        for (var i = 0; i < messages; i++)
        {
            Say(id, i % 2 == 0 ? "user" : "assistant", $"Word {i}");
        }
    }

    public void Clear() => _threads.Clear();

    /// <summary>The thread a chat request belongs to, with its question added; null when it names none.</summary>
    public string? Take(JsonElement chat)
    {
        if (!chat.TryGetProperty("metadata", out var metadata) || metadata.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var id = metadata.GetProperty("thread_id").GetString()!;
        if (id == "new")
        {
            id = $"thr_{_threads.Count}";
            Add(id, chat.GetProperty("model").GetString(), chat.TryGetProperty("user", out var user) ? user.GetString()! : "key", null);
        }

        Say(id, "user", chat.GetProperty("messages").EnumerateArray().Last().GetProperty("content").GetString()!);
        return id;
    }

    public void Answer(string? id, string text)
    {
        if (id is not null)
        {
            Say(id, "assistant", text);
        }
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/threads", (HttpRequest request) => ScriptedPages.Of(request, _threads.Values.Select(static thread => thread.View)
            .Where(view => ScriptedPages.Has(view.Title, request.Query["q"]) && ScriptedPages.Has(view.Agent, request.Query["agent"]) && ScriptedPages.Has(view.User, request.Query["user"]))
            .Select(view => string.IsNullOrEmpty(request.Query["q"]) ? view : view with { Snippet = "My sister's \u0002birthday\u0003 is <i>4 May</i>" })));
        routes.MapGet("/api/v1/threads/{id}", (string id) => Find(id, thread => ScriptedPages.Json(thread.View)));
        routes.MapGet("/api/v1/threads/{id}/messages", (string id, HttpRequest request) => Find(id, thread => ScriptedPages.Of(request, request.Query["order"] == "desc" ? thread.Messages.AsEnumerable().Reverse() : thread.Messages)));
        routes.MapGet("/api/v1/threads/{id}/export", (string id) => Find(id, thread => ScriptedPages.Json(new ThreadExport(thread.View, thread.Messages, _time.GetUtcNow()))));
        routes.MapPatch("/api/v1/threads/{id}", (string id, UpdateThread change) => Find(id, thread =>
        {
            _threads[id] = thread with { View = thread.View with { Title = change.Title } };
            return ScriptedPages.Json(_threads[id].View);
        }));
        routes.MapDelete("/api/v1/threads/{id}", (string id) => Find(id, _ =>
        {
            _threads.Remove(id);
            return Results.NoContent();
        }));
    }

    private IResult Find(string id, Func<(ThreadView View, List<MessageView> Messages), IResult> answer) =>
        _threads.TryGetValue(id, out var thread) ? answer(thread) : ScriptedApi.Problem(404, "thread_not_found", $"There is no thread {id}.");

    private void Add(string id, string? agent, string user, string? title) =>
        _threads[id] = (new ThreadView(id, agent, user, title, new Dictionary<string, string>(), 0, _time.GetUtcNow().AddHours(-2), _time.GetUtcNow().AddMinutes(-7)), []);

    private void Say(string id, string role, string text, MessageCall? call = null, string? callId = null)
    {
        lock (_gate)
        {
            var (view, messages) = _threads[id];
            messages.Add(new MessageView(messages.Count + 1, role, text, call is null ? [] : [call], callId, role == "assistant" ? "req_0001" : null, role == "assistant" ? "assistant" : null, _time.GetUtcNow()));
            _threads[id] = (view with { Messages = messages.Count, Title = view.Title ?? (role == "user" ? text : null) }, messages);
        }
    }
}
