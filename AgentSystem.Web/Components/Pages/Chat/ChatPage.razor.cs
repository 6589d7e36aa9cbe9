using AgentSystem.Contracts.Threads;
using AgentSystem.Web.Clients;
using Microsoft.AspNetCore.Components;

namespace AgentSystem.Web.Components.Pages.Chat;

/// <summary>A conversation with an agent. Its first message begins a thread, whose id goes into the address: reloading the page continues it.</summary>
public sealed partial class ChatPage
{
    private const string DefaultUser = "console";

    /// <summary>More names than anybody looks through; the others are reached from the list of agents.</summary>
    private const int MostAgents = 200;

    private static readonly string[] Ideas = ["What is 17 times 23?", "What time is it in Tokyo?", "Remember that my sister's birthday is 4 May"];

    private IReadOnlyList<string> _agents = [];
    private IReadOnlyList<MessageView> _past = [];
    private string? _agent;
    private string _user = DefaultUser;
    private string? _thread;
    private ApiFailure? _failure;
    private ChatPanel? _panel;

    /// <summary>The thread to continue.</summary>
    [SupplyParameterFromQuery]
    private string? Thread { get; set; }

    /// <summary>The agent to begin with.</summary>
    [SupplyParameterFromQuery]
    private string? Agent { get; set; }

    private bool InProgress => _panel?.InProgress == true;

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
            var names = agents.Value.Data.Select(static agent => agent.Name);
            _agents = [.. Agent is { Length: > 0 } wanted ? names.Union([wanted]) : names];
            _agent = Agent is { Length: > 0 } ? Agent : _agents is [var first, ..] ? first : null;
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
            _agent = thread.Value.Agent ?? _agent;
            _agents = _agent is null ? _agents : [.. _agents.Union([_agent])];
        }
    }

    private void Begun(string id)
    {
        _thread = id;
        Navigation.NavigateTo($"/chat?thread={Uri.EscapeDataString(id)}", replace: true);
    }

    private async Task StartAnewAsync()
    {
        (_thread, _past) = (null, []);
        Navigation.NavigateTo("/chat", replace: true);
        await _panel!.StartAnewAsync();
    }
}
