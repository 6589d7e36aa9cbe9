using System.Collections.Concurrent;
using AgentSystem.Contracts.Agents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AgentSystem.Tests.Web.Harness;

/// <summary>Agents with versions, kept like the real ones: a change that has not seen the newest state is refused.</summary>
internal sealed class ScriptedAgents(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, List<AgentVersionView>> _agents = new(
    [
        new("assistant",
        [
            Version("assistant", 1, time, "Answers questions.", "You answer questions.\nBe brief."),
            Version("assistant", 2, time, "Answers questions with tools.", "You answer questions.\nUse the calculator for arithmetic.\nBe brief."),
            Version("assistant", 3, time, "Answers questions with tools.", "You answer questions.\nUse the calculator for every arithmetic question.\nSay so when you do not know.\nBe brief."),
        ]),
        new("researcher", [Version("researcher", 1, time, "Looks things up.", "You look things up.") with { Tools = ["search"] }]),
    ]);

    private readonly ConcurrentDictionary<string, int> _active = new([new("assistant", 3), new("researcher", 1)]);

    private readonly ConcurrentDictionary<string, bool> _archived = new();

    public void Clear() => _agents.Clear();

    /// <summary>Makes many agents, for lists that are long.</summary>
    public void Fill(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var name = $"agent-{i:00000}";
            (_agents[name], _active[name]) = ([Version(name, 1, time, $"Number {i}.", "You count.")], 1);
        }
    }

    /// <summary>What somebody else does meanwhile: a newer version, active.</summary>
    public void ChangeElsewhere(string name)
    {
        var versions = _agents[name];
        versions.Add(versions[^1] with { Version = versions.Count + 1, Instructions = "You were changed elsewhere.", CreatedBy = "another person" });
        _active[name] = versions.Count;
    }

    /// <summary>Puts an agent away, as somebody else would.</summary>
    public void Archive(string name) => _archived[name] = true;

    public bool IsArchived(string name) => _archived.GetValueOrDefault(name);

    public AgentVersionView Active(string name) => Show(name, _active[name]);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/agents", (HttpRequest request) => ScriptedPages.Of(request, _agents.Keys.Order(StringComparer.Ordinal).Select(Active)
            .Where(agent => agent.Archived == (request.Query["archived"] == "true"))
            .Where(agent => ScriptedPages.Has(agent.Name + " " + agent.Description, request.Query["q"]))
            .Select(static agent => new AgentView(agent.Name, agent.Version, agent.Type, agent.Specialization, agent.Description, agent.Model, agent.Tools, agent.Limits, agent.LatestVersion, agent.CreatedAt) { Archived = agent.Archived })));
        routes.MapPost("/api/v1/agents", Create);
        routes.MapGet("/api/v1/agents/{name}", (string name, HttpResponse response) => Tagged(name, response, () => ScriptedPages.Json(Active(name))));
        routes.MapDelete("/api/v1/agents/{name}", (string name) => Known(name, () =>
        {
            Archive(name);
            return Results.NoContent();
        }));
        routes.MapGet("/api/v1/agents/{name}/versions", (string name, HttpRequest request, HttpResponse response) => Tagged(name, response, () =>
            ScriptedPages.Of(request, Enumerable.Range(1, _agents[name].Count).Reverse().Select(version => Show(name, version)))));
        routes.MapPost("/api/v1/agents/{name}/versions", (string name, CreateAgent body, HttpRequest request, HttpResponse response) => Fresh(name, request, response, () =>
        {
            if (IsArchived(name))
            {
                return ScriptedApi.Problem(409, "agent_archived", $"Agent \"{name}\" is archived; activate one of its versions first.");
            }

            Add(body);
            _active[name] = request.Query["activate"] == "false" ? _active[name] : _agents[name].Count;
            return ScriptedPages.Json(Show(name, _agents[name].Count), 201);
        }));
        routes.MapPost("/api/v1/agents/{name}/activate", (string name, ActivateAgent body, HttpRequest request, HttpResponse response) => Fresh(name, request, response, () =>
        {
            _archived.TryRemove(name, out _);
            _active[name] = body.Version;
            return ScriptedPages.Json(Active(name));
        }));
        routes.MapGet("/api/v1/agents/{name}/diff", (string name, int from, int to) => Known(name, () => ScriptedPages.Json(new AgentDiff(name, from, to,
        [
            new("description", $"\"{Show(name, from).Description}\"", $"\"{Show(name, to).Description}\""),
            new("instructions", "\"…\"", "\"…\"", [new("same", "You answer questions."), new("removed", "Use the calculator for arithmetic."), new("added", "Use the calculator for every arithmetic question."), new("added", "Say so when you do not know."), new("same", "Be brief.")]),
        ]))));
    }

    private IResult Create(CreateAgent body, HttpResponse response)
    {
        if (_agents.ContainsKey(body.Name))
        {
            return ScriptedApi.Problem(409, "agent_exists", $"There is an agent \"{body.Name}\" already; choose another name, or add a version to it.");
        }

        Add(body);
        _active[body.Name] = 1;
        return Tagged(body.Name, response, () => ScriptedPages.Json(Active(body.Name), 201));
    }

    private void Add(CreateAgent body)
    {
        var versions = _agents.GetOrAdd(body.Name, static _ => []);
        versions.Add(new AgentVersionView(
            body.Name, versions.Count + 1, 0, 0, time.GetUtcNow(), "first admin key", body.Type ?? "assistant", body.Specialization ?? "general", body.Description ?? "", body.Model, body.Fallbacks,
            body.Instructions, body.Tools ?? [], body.Memory ?? [], body.Planning ?? [], body.Quality ?? new(), body.Security ?? [], body.Limits ?? new(), body.Scaling ?? new(), body.Resources ?? new(), body.ContainerImage));
    }

    private IResult Known(string name, Func<IResult> answer) =>
        _agents.ContainsKey(name) ? answer() : ScriptedApi.Problem(404, "agent_not_found", $"There is no agent \"{name}\".");

    /// <summary>The answer with the tag of the agent as it is after it.</summary>
    private IResult Tagged(string name, HttpResponse response, Func<IResult> answer) => Known(name, () =>
    {
        var result = answer();
        response.Headers.ETag = Tag(name);
        return result;
    });

    private IResult Fresh(string name, HttpRequest request, HttpResponse response, Func<IResult> answer) => Known(name, () =>
        request.Headers.IfMatch.ToString() is { Length: > 0 } seen && seen != Tag(name)
            ? ScriptedApi.Problem(412, "version_conflict", "The agent has changed since; get it again.")
            : Tagged(name, response, answer));

    private string Tag(string name) => $"\"v{_active[name]}-{_agents[name].Count}{(IsArchived(name) ? "-archived" : "")}\"";

    private AgentVersionView Show(string name, int version) =>
        _agents[name][version - 1] with { ActiveVersion = _active[name], LatestVersion = _agents[name].Count, Archived = IsArchived(name) };

    private static AgentVersionView Version(string name, int version, TimeProvider time, string description, string instructions) => new(
        name, version, 0, 0, time.GetUtcNow().AddDays(version - 5), "platform", "chat", "general", description, "small", null,
        instructions, ["calculator", "clock", "remember", "recall"], [], [], new(), [], new(), new(), new(), null);
}
