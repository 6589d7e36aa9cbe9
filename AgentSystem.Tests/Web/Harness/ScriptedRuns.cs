using System.Collections.Concurrent;
using System.Globalization;
using AgentSystem.Contracts.DeadLetters;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Runs;
using AgentSystem.Contracts.Schedules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AgentSystem.Tests.Web.Harness;

/// <summary>Three runs (one done, one that waits for a person, one that goes on), a schedule and two dead letters. What is decided about them is kept.</summary>
internal sealed class ScriptedRuns
{
    public const string Done = "run_done0001", Waits = "run_waits001", GoesOn = "run_goeson01";

    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, RunView> _runs = new();
    private readonly ConcurrentDictionary<string, ScheduleView> _schedules = new();
    private readonly ConcurrentDictionary<string, DeadLetterView> _dead = new();
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ScriptedRuns(TimeProvider time)
    {
        _time = time;
        var at = time.GetUtcNow().AddMinutes(-5);
        RunStepView Model(int index, string status, double? ms, double after) => new(index, "model", "small", status, null, null, status == "done" ? "I look" : null, 1, 120, 14, 0.0002m, at.AddSeconds(after), ms);
        RunStepView Tool(int index, string name, string effect, string status, double? ms, double after) =>
            new(index, "tool", name, status, effect, """{"at":"<b>42</b>"}""", status == "done" ? "looked" : null, 1, 0, 0, 0, at.AddSeconds(after), ms);
        Keep(View(Done, RunStatus.Success, [Model(1, "done", 900, 0), Tool(2, "look", "read", "done", 300, 0.9), Model(3, "done", 800, 1.2)]) with { Output = "It is **done**. <b>Not bold</b>", FinishedAt = at.AddSeconds(2) });
        Keep(View(Waits, RunStatus.Waiting, [Model(1, "done", 900, 0), Tool(2, "fire", "unsafe", "planned", null, 0.9)]) with { ParentRunId = GoesOn });
        Keep(View(GoesOn, RunStatus.Running, [Model(1, "running", null, 0)]) with { Children = [new RunChild(Waits, "assistant", RunStatus.Waiting, 0.0125m)] });
        _schedules["sch_1"] = new ScheduleView("sch_1", "each morning", "0 9 * * *", "assistant", "good morning", null, "ada", ConflictPolicy.Enqueue, null, null, true, at.AddDays(1), at, Done, null, at);
        _dead["dead_run_1"] = new DeadLetterView("dead_run_1", "run", Done, "assistant", "the worker was lost", 5, at);
        _dead["dead_msg_1"] = new DeadLetterView("dead_msg_1", "webhook", Done, "https://example.com/hook", "The receiver answered 500.", 10, at);
    }

    /// <summary>What was decided about calls.</summary>
    public ConcurrentQueue<DecideApproval> Decisions { get; } = new();

    /// <summary>Where forks were made.</summary>
    public ConcurrentQueue<int?> Forks { get; } = new();

    /// <summary>What was begun.</summary>
    public ConcurrentQueue<CreateRun> Begun { get; } = new();

    /// <summary>The event after which a stream was asked to go on, once one was.</summary>
    public TaskCompletionSource<string> WentOnAfter { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RunView Run(string id) => _runs[id];

    public bool Has(string deadLetter) => _dead.ContainsKey(deadLetter);

    public ScheduleView? Schedule(string id) => _schedules.GetValueOrDefault(id);

    /// <summary>Ends the run that goes on.</summary>
    public void End()
    {
        _runs[GoesOn] = _runs[GoesOn] with { Status = RunStatus.Success, Output = "the whole answer", FinishedAt = _time.GetUtcNow() };
        _end.TrySetResult();
    }

    public void Clear()
    {
        _runs.Clear();
        _schedules.Clear();
        _dead.Clear();
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/runs", (HttpRequest request) => ScriptedPages.Of(request, _runs.Values.OrderBy(static run => run.Id, StringComparer.Ordinal)
            .Where(run => ScriptedPages.Has(Word(run.Status), request.Query["status"]) && ScriptedPages.Has(run.Agent, request.Query["agent"]))
            .Select(static run => new RunSummary(run.Id, run.Agent, run.ThreadId, run.User, run.Status, run.Input, run.Error, run.CostUsd, run.Attempts, run.ScheduleId, run.CreatedAt, run.StartedAt, run.FinishedAt, run.ParentRunId))));
        routes.MapPost("/api/v1/runs", (CreateRun body) =>
        {
            if (body.Agent.Length == 0)
            {
                return ScriptedApi.Problem(400, "agent_not_found", "There is no agent \"\" that this key may call; GET /v1/models lists those it may.");
            }

            Begun.Enqueue(body);
            return ScriptedPages.Json(new RunStarted(Done, null, RunStatus.Pending), 202);
        });
        routes.MapGet("/api/v1/runs/{id}", (string id) => Find(id, run => ScriptedPages.Json(run)));
        routes.MapGet("/api/v1/runs/{id}/events", StreamAsync);
        routes.MapPost("/api/v1/runs/{id}/cancel", (string id) => Find(id, run => ScriptedPages.Json(_runs[id] = run with { Status = RunStatus.Cancelled })));
        routes.MapGet("/api/v1/runs/{id}/approvals", (string id) => Find(id, run => ScriptedPages.Json(new ListPage<ApprovalView>(run.Status == RunStatus.Waiting
            ? [new ApprovalView("call_1", id, 2, "fire", """{"at":"<b>42</b>"}""", "abc123", "unsafe", "approval", "pending", _time.GetUtcNow(), null, null, null)]
            : []))));
        routes.MapPost("/api/v1/runs/{id}/approvals", (string id, DecideApproval body) => Find(id, run =>
        {
            Decisions.Enqueue(body);
            return ScriptedPages.Json(_runs[id] = run with { Status = RunStatus.Success, Output = "went on" });
        }));
        routes.MapPost("/api/v1/runs/{id}/fork", (string id, ForkRun body) => Find(id, _ =>
        {
            Forks.Enqueue(body.Step);
            return ScriptedPages.Json(new RunStarted(GoesOn, null, RunStatus.Pending), 202);
        }));
        routes.MapGet("/api/v1/schedules", (HttpRequest request) => ScriptedPages.Of(request, _schedules.Values));
        routes.MapPost("/api/v1/schedules", (CreateSchedule body) => body.Cron.Contains('*', StringComparison.Ordinal)
            ? ScriptedPages.Json(_schedules["sch_2"] = _schedules["sch_1"] with { Id = "sch_2", Name = body.Name, Cron = body.Cron }, 201)
            : ScriptedApi.Problem(400, "invalid_value", "\"cron\" must be five fields."));
        routes.MapPatch("/api/v1/schedules/{id}", (string id, ChangeSchedule body) => ScriptedPages.Json(_schedules[id] = _schedules[id] with { Enabled = body.Enabled == true }));
        routes.MapDelete("/api/v1/schedules/{id}", (string id) => _schedules.TryRemove(id, out _) ? Results.NoContent() : ScriptedApi.Problem(404, "schedule_not_found", "There is none."));
        routes.MapGet("/api/v1/dead-letters", (HttpRequest request) => ScriptedPages.Of(request, _dead.Values.OrderBy(static letter => letter.Id, StringComparer.Ordinal)));
        routes.MapPost("/api/v1/dead-letters/{id}/retry", (string id) => _dead.TryRemove(id, out _) ? Results.Accepted() : ScriptedApi.Problem(404, "dead_letter_not_found", "There is none."));
        routes.MapDelete("/api/v1/dead-letters/{id}", (string id) => _dead.TryRemove(id, out _) ? Results.NoContent() : ScriptedApi.Problem(404, "dead_letter_not_found", "There is none."));
    }

    /// <summary>One piece of the answer, and the end when the test says so; the first stream of a run breaks off in between.</summary>
    private async Task StreamAsync(string id, HttpContext http)
    {
        var after = http.Request.Headers["Last-Event-ID"].ToString();
        http.Response.ContentType = "text/event-stream";
        if (after.Length == 0)
        {
            await WriteAsync(http, 1, "step.started", """{"index":1,"kind":"model","name":"small","attempt":1}""");
            await WriteAsync(http, 2, "message.delta", """{"index":1,"text":"half an answer"}""");
            return;
        }

        WentOnAfter.TrySetResult(after);
        await _end.Task.WaitAsync(http.RequestAborted);
        await WriteAsync(http, 3, "run.finished", """{"status":"success","output":"the whole answer","error":null}""");
    }

    private static async Task WriteAsync(HttpContext http, int number, string type, string data)
    {
        await http.Response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $": ping\n\nid: {number}\nevent: {type}\ndata: {data}\n\n"), http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }

    private IResult Find(string id, Func<RunView, IResult> answer) => _runs.TryGetValue(id, out var run) ? answer(run) : ScriptedApi.Problem(404, "run_not_found", $"There is no run \"{id}\".");

    private void Keep(RunView run) => _runs[run.Id] = run;

    private RunView View(string id, RunStatus status, IReadOnlyList<RunStepView> steps) => new(
        id, "assistant", null, "ada", status, $"question of {id}", null, null, steps, new RunUsage(240, 28, 2, 1), 0.0004m, null, 0, 1, null, null, null, false,
        _time.GetUtcNow().AddMinutes(-5), _time.GetUtcNow().AddMinutes(-5), null);

    private static string Word(RunStatus status) => status.ToString().ToLowerInvariant();
}
