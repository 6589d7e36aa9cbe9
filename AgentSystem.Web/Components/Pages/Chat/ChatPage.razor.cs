using AgentSystem.Contracts.Agents;
using AgentSystem.Contracts.Threads;
using AgentSystem.Web.Clients;
using AgentSystem.Web.Components.Controls;
using Microsoft.AspNetCore.Components;

namespace AgentSystem.Web.Components.Pages.Chat;

/// <summary>A conversation with an agent. Its first message begins a thread, whose id goes into the address: reloading the page continues it.</summary>
public sealed partial class ChatPage
{
    private const string DefaultUser = "console";

    /// <summary>More names than anybody looks through; the others are reached from the list of agents.</summary>
    private const int MostAgents = 200;

    /// <summary>Every installation begins with it; it has all the tools.</summary>
    private const string Preferred = "assistant";

    private IReadOnlyList<string> _agents = [];
    private IReadOnlyList<AgentView> _known = [];
    private IReadOnlyList<MessageView> _past = [];
    private string? _agent;
    private string _user = DefaultUser;
    private string? _thread;

    /// <summary>The agent the thread was begun with: no other may go on with it. Null: any may, or there is no thread yet.</summary>
    private string? _heldWith;

    private KeyNames _keys = KeyNames.None;
    private ApiFailure? _failure;
    private ChatPanel? _panel;

    /// <summary>The thread to continue.</summary>
    [SupplyParameterFromQuery]
    private string? Thread { get; set; }

    /// <summary>The agent to begin with.</summary>
    [SupplyParameterFromQuery]
    private string? Agent { get; set; }

    private bool InProgress => _panel?.InProgress == true;

    private IReadOnlyList<string> FirstIdeas => Ideas.For(_known.FirstOrDefault(agent => agent.Name == _agent)?.Tools ?? []);

    /// <summary>Whose the conversation is, as a person reads it.</summary>
    private string ShownUser => _thread is null ? _user : _keys.InWords(_user);

    protected override async Task ArriveAsync()
    {
        _failure = null;
        await LoadAgentsAsync();
        if (Thread is { Length: > 0 } id && _failure is null)
        {
            await ContinueAsync(id);
        }

        StateHasChanged();
        if (_panel is { } panel)
        {
            await panel.ShowEndAsync();
            await panel.FocusAsync();
        }
    }

    private async Task LoadAgentsAsync()
    {
        var agents = await Api.Agents.ListAsync(null, null, Left, MostAgents);
        _failure = agents.Failure;
        if (agents.IsSuccess)
        {
            _known = agents.Value.Data;
            var names = _known.Select(static agent => agent.Name);
            _agents = [.. Agent is { Length: > 0 } wanted ? names.Union([wanted]) : names];
            _agent = Agent is { Length: > 0 } ? Agent : _agents.Contains(Preferred) ? Preferred : _agents is [var first, ..] ? first : null;
            _failure = _agents.Count > 0 ? null : new ApiFailure(0, "no_agents", "This installation has no agent yet. Make one under Agents.");
        }
    }

    private async Task ContinueAsync(string id)
    {
        var thread = await Api.Threads.GetAsync(id, Left);
        var reading = thread.IsSuccess ? await Api.Threads.ReadAsync(id, Left) : thread.Failure;
        _failure = thread.Failure ?? reading.Failure;
        if (thread.IsSuccess && reading.IsSuccess)
        {
            (_thread, _past, _user) = (id, reading.Value.Messages, thread.Value.User);
            _heldWith = thread.Value.Agent;
            _keys = KeyNames.IsKey(_user) ? await KeyNames.LoadAsync(Api, Left) : _keys;
            _agent = thread.Value.Agent ?? _agent;
            _agents = _agent is null ? _agents : [.. _agents.Union([_agent])];
        }
    }

    private void Begun(string id)
    {
        (_thread, _heldWith) = (id, _agent);
        Navigation.NavigateTo($"/chat?thread={Uri.EscapeDataString(id)}", replace: true);
    }

    /// <summary>A thread stays with the agent it was begun with, so another agent means another conversation.</summary>
    private async Task ChangedAgentAsync()
    {
        if (_heldWith is { } held && held != _agent)
        {
            await StartAnewAsync();
            Note($"A new conversation, with {_agent}. The one with {held} is kept under Threads.");
        }
        else if (_thread is null && _panel is { IsEmpty: false })
        {
            await StartAnewAsync();
            Note($"A new conversation, with {_agent}.");
        }
    }

    private async Task StartAnewAsync()
    {
        (_thread, _heldWith, _past) = (null, null, []);
        if (KeyNames.IsKey(_user))
        {
            // The thread belonged to a key; a new one is asked for by name again.
            _user = DefaultUser;
        }

        Navigation.NavigateTo("/chat", replace: true);
        await _panel!.StartAnewAsync();
    }
}
