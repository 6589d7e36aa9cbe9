using AgentSystem.Contracts.Keys;
using AgentSystem.Web.Clients;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace AgentSystem.Web.Components.Pages.Keys;

/// <summary>Asks what a key shall be good for, makes it, and shows its secret once.</summary>
public sealed partial class CreateKeyDialog : IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private readonly KeyDraft _draft = new();
    private string[] _agents = [];
    private string[] _tools = [];
    private CreatedKey? _created;
    private ApiFailure? _failure;
    private bool _busy;
    private bool _more;
    private string? _wanted;

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = null!;

    [Inject]
    private AgentSystemClient Api { get; set; } = null!;

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        var agents = await Api.Agents.ListAsync(null, null, _closed.Token);
        _failure = agents.Failure;
        if (agents.IsSuccess)
        {
            _agents = [.. agents.Value.Data.Select(static agent => agent.Name)];
            _more = agents.Value.NextCursor is not null;
            _tools = [.. agents.Value.Data.SelectMany(static agent => agent.Tools).Distinct().Order()];
        }
    }

    /// <summary>An agent beyond those that are shown.</summary>
    private void AddAgent()
    {
        _agents = [.. _agents.Union([_wanted!])];
        _draft.Agents = [.. _draft.Agents.Union([_wanted!])];
        _wanted = null;
    }

    private async Task CreateAsync()
    {
        if (_busy)
        {
            return;
        }

        if (_draft.Problem() is { } problem)
        {
            _failure = new ApiFailure(0, "invalid", problem);
            return;
        }

        _busy = true;
        var created = await Api.CreateKeyAsync(_draft.ToRequest(), _closed.Token);
        _busy = false;
        (_created, _failure) = (created.Value, created.Failure);
        if (_created is not null)
        {
            await Dialog.SetTitleAsync("Key created");
        }
    }
}
