using System.Text.Encodings.Web;
using System.Text.Json;
using AgentSystem.Contracts.Tools;
using AgentSystem.Web.Clients;
using AgentSystem.Web.Components.Controls;
using Microsoft.AspNetCore.Components;

namespace AgentSystem.Web.Components.Pages.Tools;

/// <summary>One tool: how it does, its versions, and a call by hand.</summary>
public sealed partial class ToolPage
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private ToolView? _tool;
    private IReadOnlyList<ToolVersionView> _versions = [];
    private ApiFailure? _failure;
    private bool _busy;

    [Parameter]
    public string Name { get; set; } = "";

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    protected override Task ArriveAsync() => AgainAsync();

    private static string Pretty(JsonElement schema) => JsonSerializer.Serialize(schema, Indented);

    private async Task AgainAsync()
    {
        var tool = await Api.Tools.FindAsync(Name, Left);
        (_tool, _failure) = (tool.Value ?? _tool, tool.Failure);
        if (tool is { IsSuccess: true, Value.Kind: not ToolKind.Builtin })
        {
            var versions = await Api.Tools.VersionsAsync(Name, Left);
            (_versions, _failure) = (versions.Value?.Data ?? _versions, versions.Failure);
        }
    }

    private Task ApproveAsync(int version) => DoAsync(() => Api.Tools.ApproveAsync(Name, version, Left), $"Version {version} may be called.");

    private Task ToggleAsync() => DoAsync(() => Api.Tools.ChangeAsync(Name, new ChangeTool(Enabled: _tool!.State == ToolState.Disabled), Left), "Done.");

    private Task CloseBreakerAsync() => DoAsync(() => Api.Tools.SetBreakerAsync(Name, open: false, Left), "Calls pass again.");

    private async Task DoAsync(Func<Task<ApiResult<ToolView>>> act, string words)
    {
        var done = await act();
        if (done.IsSuccess)
        {
            Note(words);
            await AgainAsync();
        }

        _failure = done.Failure ?? _failure;
    }

    private async Task RefreshAsync()
    {
        _busy = true;
        var read = await Api.Tools.RefreshAsync(Name, Left);
        _busy = false;
        if (read.IsSuccess)
        {
            var (added, changed, gone) = (read.Value.Added.Count, read.Value.Changed.Count, read.Value.Gone.Count);
            Note(added + changed + gone == 0 ? "Nothing changed." : $"{added} new, {changed} changed, {gone} gone; what is new or changed waits for approval.");
        }

        _failure = read.Failure;
    }

    private async Task DeleteAsync()
    {
        var words = _tool is { Callable: false } ? "Its tools go with it. Agents that name them go on without them." : "Agents that name it go on without it.";
        if (await AskDialog.AskAsync(Dialogs, $"Delete {Name}", words, "Delete", "Keep it"))
        {
            _failure = await Api.Tools.DeleteAsync(Name, Left);
            if (_failure is null)
            {
                Navigation.NavigateTo("/tools");
            }
        }
    }
}
