using System.Text.Json;
using AgentSystem.Contracts.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AgentSystem.Tests.Web.Harness;

/// <summary>State: two sessions, one of them with a conflict that waits and one that a rule decided.</summary>
internal sealed class ScriptedSessions(TimeProvider time)
{
    private readonly Dictionary<(string Agent, string Session), SessionView> _sessions = new()
    {
        [("assistant", "trip/1")] = new SessionView(
            "assistant", "trip/1", "ada", 7, new Dictionary<string, JsonElement> { ["route"] = Json("""{"from":"Graz","to":"<b>Linz</b>"}"""), ["seats"] = Json("2") },
            [new SessionKeyView("route", 7, 34, time.GetUtcNow(), ["conflict_1"]), new SessionKeyView("seats", 3, 1, time.GetUtcNow(), [])], time.GetUtcNow().AddDays(-1), time.GetUtcNow()),
        [("planner", "week")] = new SessionView("planner", "week", "ada", 1, new Dictionary<string, JsonElement>(), [], time.GetUtcNow(), time.GetUtcNow()),
    };

    private readonly List<ConflictView> _conflicts =
    [
        Conflict("conflict_1", "open", null, time.GetUtcNow()),
        Conflict("conflict_0", "resolved", "current", time.GetUtcNow()),
    ];

    /// <summary>Decisions received.</summary>
    public List<ResolveConflict> Decisions { get; } = [];

    /// <summary>Versions that removals were made on.</summary>
    public List<string> Removals { get; } = [];

    public void Clear()
    {
        _sessions.Clear();
        _conflicts.Clear();
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/state", (HttpRequest request) => ScriptedPages.Of(request, _sessions.Values
            .Where(view => ScriptedPages.Has(view.Agent, request.Query["agent"]) && view.Session.StartsWith(request.Query["prefix"].ToString(), StringComparison.Ordinal))
            .Select(view => new SessionSummary(view.Agent, view.Session, view.User, view.Version, view.Keys.Count, 35, view.CreatedAt, view.UpdatedAt))));
        routes.MapGet("/api/v1/state/conflicts", (HttpRequest request) => ScriptedPages.Of(request, _conflicts.Where(conflict => conflict.Status == request.Query["status"])));
        routes.MapPost("/api/v1/state/conflicts/{id}/resolve", (string id, ResolveConflict choice) =>
        {
            Decisions.Add(choice);
            var place = _conflicts.FindIndex(conflict => conflict.Id == id);
            _conflicts[place] = _conflicts[place] with { Status = "resolved", Kept = choice.Choice, ResolvedBy = "key_admin", ResolvedAt = time.GetUtcNow() };
            return ScriptedPages.Json(_conflicts[place]);
        });
        routes.MapGet("/api/v1/state/{agent}/{session}", (string agent, string session) => Find(agent, session) is { } view
            ? ScriptedPages.Json(view)
            : ScriptedApi.Problem(404, "session_not_found", "There is no such session."));
        routes.MapDelete("/api/v1/state/{agent}/{session}", (string agent, string session, string? key, HttpRequest request) =>
        {
            Removals.Add(request.Headers.IfMatch.ToString());
            var view = Find(agent, session)!;
            _sessions.Remove((view.Agent, view.Session));
            if (key is not null)
            {
                _sessions[(view.Agent, view.Session)] = view with { Version = view.Version + 1, Keys = [.. view.Keys.Where(one => one.Key != key)] };
            }

            return ScriptedPages.Json(new StateUpdated("txn_1", view.Version + 1, StateConsistency.Strong, 1, []));
        });
    }

    private static JsonElement Json(string text) => JsonSerializer.Deserialize<JsonElement>(text);

    private static ConflictView Conflict(string id, string status, string? kept, DateTimeOffset at) => new(
        id, "assistant", "trip/1", "route", "changed", kept is null ? ConflictRule.Human : ConflictRule.Timestamp, status, Json("""{"to":"<b>Linz</b>"}"""), 6, Json("""{"to":"Wels"}"""), StateStrategy.Merge,
        "planner", "booker", "txn_0", at, kept is null ? null : at, kept is null ? null : "rule", kept);

    private SessionView? Find(string agent, string session) => _sessions.GetValueOrDefault((agent, Uri.UnescapeDataString(session)));
}
