using System.Collections.Concurrent;
using System.Text.Json;
using AgentSystem.Contracts.Feedback;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Limits;
using AgentSystem.Contracts.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentSystem.Tests.Web.Harness;

/// <summary>The endpoints the console uses, on a loopback port, with answers a test can foresee. It keeps keys and feedback like the real one; figures and chat answers are scripted.</summary>
internal sealed class ScriptedApi : IAsyncDisposable
{
    public const string AdminKey = "as-scripted-admin-key-0123456789abcdef";
    public const string ChatKey = "as-scripted-chat-key-0123456789abcdef00";

    private const string FirstKey = "key_admin";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, KeyView> _keys = new();
    private readonly TimeProvider _time;
    private int _created;

    private ScriptedApi(WebApplication app, TimeProvider time)
    {
        (_app, _time) = (app, time);
        (Agents, Threads, Documents, Models) = (new ScriptedAgents(time), new ScriptedThreads(time), new ScriptedDocuments(time), new ScriptedModels(time));
        Budgets = new ScriptedBudgets(time);
        Audit = new ScriptedAudit(time);
        Runs = new ScriptedRuns(time);
        Webhooks = new ScriptedWebhooks(time);
        Tools = new ScriptedTools(time);
        Responses = new ScriptedResponses(time);
        Sessions = new ScriptedSessions(time);
        Memory = new ScriptedMemory(time);
        Security = new ScriptedSecurity(time);
        Keep(FirstKey, "first admin key", AdminKey, [Scopes.Admin], null);
        Keep("key_chat", "storefront", ChatKey, [Scopes.Chat, Scopes.Feedback], new KeyLimits(60, 40_000, 4));
    }

    /// <summary>Where it listens.</summary>
    public Uri Address => new(_app.Urls.First());

    /// <summary>Ratings received.</summary>
    public ConcurrentQueue<GiveFeedback> Feedback { get; } = new();

    /// <summary>Bodies of the chat requests received.</summary>
    public ConcurrentQueue<JsonElement> Questions { get; } = new();

    /// <summary>The agents it keeps.</summary>
    public ScriptedAgents Agents { get; }

    /// <summary>The conversations it keeps.</summary>
    public ScriptedThreads Threads { get; }

    /// <summary>The runs, schedules and dead letters it keeps.</summary>
    public ScriptedRuns Runs { get; }

    /// <summary>The tools it keeps.</summary>
    public ScriptedTools Tools { get; }

    /// <summary>Who is told about runs.</summary>
    public ScriptedWebhooks Webhooks { get; }

    /// <summary>The responses it keeps.</summary>
    public ScriptedResponses Responses { get; }

    /// <summary>The documents it keeps.</summary>
    public ScriptedDocuments Documents { get; }

    /// <summary>What agents remember there.</summary>
    public ScriptedMemory Memory { get; }

    /// <summary>The state agents keep there.</summary>
    public ScriptedSessions Sessions { get; }

    /// <summary>What it saw of threats, and what is done about them.</summary>
    public ScriptedSecurity Security { get; }

    /// <summary>The models it knows.</summary>
    public ScriptedModels Models { get; }

    /// <summary>The budgets it keeps, and what was spent.</summary>
    public ScriptedBudgets Budgets { get; }

    /// <summary>The audit log it shows.</summary>
    public ScriptedAudit Audit { get; }

    /// <summary>The cache and the instances it has.</summary>
    public ScriptedOperations Operations { get; } = new();

    /// <summary>When true, the operator gave the admin key, and it is not for the console to change it.</summary>
    public bool AdminKeyIsConfigured { get; set; }

    /// <summary>Gives the first admin key its real name: that of the one that can be rotated.</summary>
    public void NameAdminKey(string name) => _keys[FirstKey] = _keys[FirstKey] with { Name = name };

    /// <summary>Set when a client hung up on a stream.</summary>
    public TaskCompletionSource HungUp { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>When set, everything but <c>/ready</c> answers with this status.</summary>
    public int? Failing { get; set; }

    /// <summary>When true, no request has come in and nothing was made: what a fresh installation shows.</summary>
    public bool Fresh
    {
        get;
        set
        {
            field = value;
            if (value)
            {
                Agents.Clear();
                Threads.Clear();
                Documents.Clear();
                Budgets.Clear();
                Audit.Clear();
                Runs.Clear();
                Webhooks.Clear();
                Tools.Clear();
                Responses.Clear();
                Sessions.Clear();
                Memory.Clear();
                Security.Clear();
            }
        }
    }

    public static async Task<ScriptedApi> StartAsync(TimeProvider? time = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.ConfigureHttpJsonOptions(static json => PlatformJson.Configure(json.SerializerOptions));
        var api = new ScriptedApi(builder.Build(), time ?? TimeProvider.System);
        api.Map();
        await api._app.StartAsync();
        return api;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Audit.Dispose();
    }

    private void Map()
    {
        _app.Use(Admit);
        _app.MapGet("/ready", static () => Results.Text("Healthy"));
        _app.MapPost("/v1/chat/completions", AnswerAsync);
        _app.MapGet("/api/v1/monitoring/overview", () => Results.Json(ScriptedFigures.Overview(_time.GetUtcNow(), Fresh), PlatformJson.Options));
        _app.MapGet("/api/v1/usage/requests/{id}", (string id) => ScriptedFigures.Find(id, _time.GetUtcNow()) is { } found
            ? Results.Json(found, PlatformJson.Options)
            : Problem(404, "request_not_found", $"No request {id} is kept."));
        _app.MapGet("/api/v1/system", () => Results.Json(ScriptedFigures.System(_time.GetUtcNow()), PlatformJson.Options));
        Agents.Map(_app);
        Threads.Map(_app);
        Documents.Map(_app);
        Runs.Map(_app);
        Webhooks.Map(_app);
        Tools.Map(_app);
        Responses.Map(_app);
        Sessions.Map(_app);
        Memory.Map(_app);
        Security.Map(_app);
        Models.Map(_app);
        Operations.Map(_app);
        Budgets.Map(_app);
        Audit.Map(_app);
        ScriptedPerception.Map(_app);
        _app.MapGet("/api/v1/keys", () => Results.Json(new ListPage<KeyView>([.. Fresh ? [] : _keys.Values]), PlatformJson.Options));
        _app.MapGet("/api/v1/limits", () => Results.Json(new ListPage<LimitView>([.. _keys.Values.Where(static key => key.Limits != KeyLimits.None).Select(static key =>
            new LimitView($"key:{key.Id}", key.Name, key.Limits.RequestsPerMinute, key.Limits.TokensPerMinute, key.Limits.Concurrency, new LimitUse(12.4, 3456, 2)))]), PlatformJson.Options));
        _app.MapGet("/api/v1/tenants", () => Results.Json(new ListPage<TenantView>([new(Tenants.Default, _time.GetUtcNow(), 3, 2)]), PlatformJson.Options));
        _app.MapGet("/api/v1/teams", static () => Results.Json(new ListPage<TeamView>([new("red", Tenants.Default, 2)]), PlatformJson.Options));
        _app.MapPost("/api/v1/keys", Create);
        _app.MapPost("/api/v1/keys/admin/rotate", () => Operations.OwnersOnly(Rotate));
        _app.MapDelete("/api/v1/keys/{id}", Revoke);
        _app.MapPost("/api/v1/feedback", (GiveFeedback given) =>
        {
            Feedback.Enqueue(given);
            return Results.Json(new FeedbackView("fb_1", given.Agent, given.Rating, given.RunId, given.Comment, _time.GetUtcNow()), PlatformJson.Options, statusCode: 201);
        });
    }

    private Task Admit(HttpContext context, RequestDelegate next)
    {
        var path = context.Request.Path.Value!;
        if (path == "/ready")
        {
            return next(context);
        }

        var openai = path.StartsWith("/v1/", StringComparison.Ordinal);
        if (Failing is { } status)
        {
            return Refuse(status, "scripted_failure", "The script says no.");
        }

        var bearer = context.Request.Headers.Authorization.ToString();
        return bearer switch
        {
            $"Bearer {AdminKey}" => next(context),
            $"Bearer {ChatKey}" when openai => next(context),
            $"Bearer {ChatKey}" => Refuse(403, "missing_scope", "The key lacks the scope admin."),
            _ => Refuse(401, "invalid_api_key", "The key is not known."),
        };

        Task Refuse(int code, string name, string message) =>
            (openai ? OpenAIError(code, name, message) : Problem(code, name, message)).ExecuteAsync(context);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var body = await context.Request.ReadFromJsonAsync<JsonElement>(context.RequestAborted);
        Questions.Enqueue(body);
        var question = body.GetProperty("messages").EnumerateArray().Last().GetProperty("content").GetString()!;
        if (question.Contains("refuse", StringComparison.Ordinal))
        {
            await OpenAIError(429, "rate_limit_exceeded", "Too many requests for this key; wait 12 s.").ExecuteAsync(context);
            return;
        }

        var thread = Threads.Take(body);
        if (thread is not null)
        {
            context.Response.Headers["x-agentsystem-thread"] = thread;
        }

        context.Response.ContentType = "text/event-stream";
        var words = question.Contains("forever", StringComparison.Ordinal) ? ["On ", "and ", "on"] : ScriptedFigures.Answer(question);
        foreach (var word in words)
        {
            await WriteAsync(context, new { choices = new[] { new { index = 0, delta = new { content = word } } } });
        }

        if (question.Contains("forever", StringComparison.Ordinal))
        {
            var hungUp = new TaskCompletionSource();
            await using var registration = context.RequestAborted.Register(hungUp.SetResult);
            await hungUp.Task;
            HungUp.TrySetResult();
            return;
        }

        if (question.Contains("break", StringComparison.Ordinal))
        {
            return;
        }

        await WriteAsync(context, new { choices = new[] { new { index = 0, delta = new { }, finish_reason = "stop" } } });
        Threads.Answer(thread, string.Concat(words));
        await WriteAsync(context, ScriptedFigures.LastChunk);
        await context.Response.WriteAsync("data: [DONE]\n\n", context.RequestAborted);
    }

    private static async Task WriteAsync(HttpContext context, object chunk)
    {
        await context.Response.WriteAsync($"data: {JsonSerializer.Serialize(chunk)}\n\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private IResult Create(CreateKey asked)
    {
        if (asked.Scopes.Count == 0)
        {
            return Problem(400, "invalid_request", "scopes: at least one is needed.");
        }

        var number = Interlocked.Increment(ref _created);
        var secret = $"as-made{number:0000}-89abcdef0123456789abcdef01234567";
        var view = Keep($"key_{number}", asked.Name, secret, asked.Scopes, asked.Limits) with
        {
            User = asked.User,
            Agents = asked.Agents ?? ["*"],
            Tools = asked.Tools ?? ["*"],
            ExpiresAt = asked.ExpiresInDays is { } days ? _time.GetUtcNow().AddDays(days) : null,
        };
        _keys[view.Id] = view;
        return Results.Json(new CreatedKey(view.Id, secret, view), PlatformJson.Options, statusCode: 201);
    }

    private IResult Rotate()
    {
        if (AdminKeyIsConfigured)
        {
            return Problem(409, "key_is_configured", "The admin key is set by AGENTSYSTEM_ADMIN_KEY; give that variable another value and start again, and the old key is revoked.");
        }

        const string secret = "as-rotated-89abcdef0123456789abcdef01234567";
        _keys[FirstKey] = _keys[FirstKey] with { RevokedAt = _time.GetUtcNow() };
        return Results.Json(new CreatedKey("key_rotated", secret, Keep("key_rotated", "admin", secret, [Scopes.Admin], null)), PlatformJson.Options, statusCode: 201);
    }

    private IResult Revoke(string id)
    {
        if (!_keys.TryGetValue(id, out var key))
        {
            return Problem(404, "key_not_found", $"No key {id}.");
        }

        _keys[id] = key with { RevokedAt = _time.GetUtcNow() };
        return Results.NoContent();
    }

    private KeyView Keep(string id, string name, string secret, IReadOnlyList<string> scopes, KeyLimits? limits) =>
        _keys[id] = new KeyView(id, name, secret[..14], Tenants.Default, null, null, scopes, ["*"], ["*"], limits ?? KeyLimits.None, _time.GetUtcNow(), null, null, null);

    public static IResult Problem(int status, string code, string detail) =>
        Results.Json(new { type = $"urn:agentsystem:{code}", title = "Refused", status, detail, code }, contentType: "application/problem+json", statusCode: status);

    private static IResult OpenAIError(int status, string code, string message) =>
        Results.Json(new { error = new { message, type = "invalid_request_error", param = (string?)null, code } }, statusCode: status);
}
