using System.Text;
using AgentSystem.Contracts.Threads;
using AgentSystem.Web.Clients;
using AgentSystem.Web.Clients.Threads;
using AgentSystem.Web.Components.Controls;
using AgentSystem.Web.Components.Pages.Chat;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace AgentSystem.Web.Components.Pages.Threads;

/// <summary>One conversation: what was said, with which tools, and the going on with it.</summary>
public sealed partial class ThreadPage
{
    private ThreadView? _thread;
    private ThreadReading? _reading;
    private KeyNames _keys = KeyNames.None;
    private ApiFailure? _failure;
    private ChatPanel? _panel;
    private string? _agent;
    private bool _exporting;

    [Parameter]
    public string Id { get; set; } = "";

    [Inject]
    private IJSRuntime Browser { get; set; } = null!;

    protected override async Task ArriveAsync()
    {
        var thread = await Api.Threads.GetAsync(Id, Left);
        var reading = thread.IsSuccess ? await Api.Threads.ReadAsync(Id, Left) : thread.Failure;
        _failure = reading.Failure;
        if (thread.IsSuccess && reading.IsSuccess)
        {
            _keys = KeyNames.IsKey(thread.Value.User) ? await KeyNames.LoadAsync(Api, Left) : _keys;
            (_thread, _reading) = (thread.Value, reading.Value);
            _agent = thread.Value.Agent ?? reading.Value.Messages.LastOrDefault(static message => message.Agent is not null)?.Agent;
        }

        StateHasChanged();
        if (_panel is { } panel)
        {
            await panel.ShowEndAsync();
        }
    }

    private string WhoseOf(ThreadView thread) => KeyNames.IsKey(thread.User) ? _keys.InWords(thread.User) : $"user {thread.User}";

    private async Task RenameAsync()
    {
        if (await RenameDialog.AskAsync(Dialogs, ThreadsPage.TitleOf(_thread!)) is not { } title)
        {
            return;
        }

        var renamed = await Api.Threads.RenameAsync(Id, title, Left);
        (_thread, _failure) = (renamed.Value ?? _thread, renamed.Failure);
    }

    private async Task ExportAsync()
    {
        _exporting = true;
        var export = await Api.Threads.ExportAsync(Id, Left);
        _failure = export.Failure;
        if (export.IsSuccess)
        {
            using var text = new DotNetStreamReference(new MemoryStream(Encoding.UTF8.GetBytes(export.Value)));
            await Browser.InvokeVoidAsync("agentsystem.download", Left, $"{Id}.json", "application/json", text);
        }

        _exporting = false;
    }

    private async Task DeleteAsync()
    {
        if (!await AskDialog.AskAsync(Dialogs, "Delete the conversation", "Its messages are removed for good. An export made before stays with you.", "Delete", "Keep it"))
        {
            return;
        }

        _failure = await Api.Threads.DeleteAsync(Id, Left);
        if (_failure is null)
        {
            Note("The conversation is deleted.");
            Navigation.NavigateTo("/threads");
        }
    }
}
