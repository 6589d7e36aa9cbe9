using AgentSystem.Contracts.Agents;
using AgentSystem.Contracts.Models;
using AgentSystem.Contracts.Tools;
using AgentSystem.Web.Clients;
using AgentSystem.Web.Components.Controls;
using AgentSystem.Web.Components.Pages.Chat;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.Extensions.Options;
using Microsoft.JSInterop;
using MudBlazor;

namespace AgentSystem.Web.Components.Pages.Agents;

/// <summary>Makes an agent, or a new version of one. What was typed is lost only when its writer says so.</summary>
public sealed partial class AgentPage
{
    private AgentEdit? _edit;
    private IReadOnlyList<ModelView> _models = [];
    private IReadOnlyList<ToolView> _tools = [];
    private ApiFailure? _failure;
    private ChatPanel? _chat;
    private bool _leaving;
    private bool _busy;

    /// <summary>Null for a new agent.</summary>
    [Parameter]
    public string? Name { get; set; }

    [Inject]
    private IOptions<ApiOptions> Options { get; set; } = null!;

    [Inject]
    private IJSRuntime Browser { get; set; } = null!;

    private bool IsArchived => _edit?.BasedOn?.Archived == true;

    private string Standing => _edit?.BasedOn switch
    {
        null => Name is null ? "A model with instructions, tools and limits, under a name." : "",
        { Archived: true } agent => $"Archived. Version {agent.ActiveVersion} answered last, made by {agent.CreatedBy}.",
        { LatestVersion: var latest, ActiveVersion: var active } when latest > active => $"Version {active} is active; version {latest} waits to be activated.",
        var agent => $"Version {agent.ActiveVersion} is active, made by {agent.CreatedBy}.",
    };

    private string Curl => CurlCommand.For(Options.Value.Shown, Name!);

    protected override async Task ArriveAsync()
    {
        _failure = null;
        var models = await Api.Models.ListAsync(Left);
        (_models, _failure) = (models.Value?.Data ?? [], models.Failure);
        // Whoever may not see tools keeps those the agent has.
        _tools = (await Api.Tools.AllAsync(Left)).Value?.Data ?? [];
        if (Name is null)
        {
            _edit = AgentEdit.New(_models.FirstOrDefault(static model => model.Kind == ModelKind.Chat)?.Name ?? "");
            return;
        }

        var agent = await Api.Agents.GetAsync(Name, Left);
        _failure = agent.Failure ?? _failure;
        _edit = agent.IsSuccess ? AgentEdit.Of(agent.Value, agent.ETag) : _edit;
    }

    private async Task SaveAsync(bool activate, bool regardless)
    {
        var made = _edit!.IsNew;
        if (await _edit.SaveAsync(Api, activate, regardless, Left) is not { } saved)
        {
            if (_edit.WrongField is { } field)
            {
                await Browser.InvokeVoidAsync("agentsystem.point", Left, field);
            }

            return;
        }

        Note(made ? $"{saved.Name} is made and answers calls." : saved.Version == saved.ActiveVersion ? $"Version {saved.Version} is saved and active." : $"Version {saved.Version} is saved; version {saved.ActiveVersion} still answers.");
        if (made)
        {
            Navigation.NavigateTo(AgentLinks.Page(saved.Name), replace: true);
        }
    }

    private Task CompareAsync(AgentVersionView theirs, AgentEdit mine)
    {
        if (mine.Draft.Problem() is { } problem)
        {
            Notes.Add(problem.Words, Severity.Warning);
            return Task.CompletedTask;
        }

        return ChangesDialog.ShowAsync(Dialogs, $"From version {theirs.Version} to what you typed", AgentComparison.Of(theirs, mine.Draft.ToRequest()));
    }

    private async Task ArchiveAsync()
    {
        if (!await AskDialog.AskAsync(Dialogs, $"Archive {Name}", "The agent stops answering and leaves the lists. Its versions stay on record: it is found under Archived, and can be brought back from there.", "Archive", "Keep it"))
        {
            return;
        }

        _failure = await Api.Agents.ArchiveAsync(Name!, Left);
        if (_failure is null)
        {
            Note($"{Name} is archived.");
            _leaving = true;
            Navigation.NavigateTo("/agents");
        }
    }

    private async Task BringBackAsync()
    {
        var agent = _edit!.BasedOn!;
        _busy = true;
        var back = await Api.Agents.ActivateAsync(agent.Name, agent.ActiveVersion, _edit.Seen, Left);
        _busy = false;
        _failure = back.Failure;
        if (back.IsSuccess)
        {
            _edit = AgentEdit.Of(back.Value, back.ETag);
            Note($"{back.Value.Name} answers calls again, with version {back.Value.Version}.");
        }
    }

    private async Task LeaveAsync(LocationChangingContext leaving)
    {
        if (_edit?.IsChanged == true && !_leaving
            && !await AskDialog.AskAsync(Dialogs, "Leave without saving?", "What you typed here is not saved and will be lost.", "Leave", "Stay"))
        {
            leaving.PreventNavigation();
        }
    }
}
