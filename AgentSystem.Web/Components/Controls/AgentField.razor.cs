using AgentSystem.Contracts.Agents;
using AgentSystem.Web.Clients;
using Microsoft.AspNetCore.Components;

namespace AgentSystem.Web.Components.Controls;

/// <summary>An agent's name with suggestions, however many agents there are: only the best matches are asked for.</summary>
public sealed partial class AgentField : IDisposable
{
    private const int Suggestions = 20;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _left = new();
    private IReadOnlyList<AgentView> _names = [];
    private int _typed;

    [Parameter, EditorRequired]
    public string Id { get; set; } = "";

    /// <summary>Named by a visible label where there is one; else this.</summary>
    [Parameter]
    public string? Label { get; set; }

    [Parameter]
    public string Placeholder { get; set; } = "any agent";

    [Parameter]
    public string? Value { get; set; }

    [Parameter]
    public EventCallback<string?> ValueChanged { get; set; }

    [Inject]
    private AgentSystemClient Api { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await SuggestAsync();
            StateHasChanged();
        }
    }

    private async Task TypedAsync(ChangeEventArgs change)
    {
        var number = ++_typed;
        await Task.Delay(Pause, Time, _left.Token);
        if (number == _typed)
        {
            Value = (change.Value as string)?.Trim() is { Length: > 0 } name ? name : null;
            await ValueChanged.InvokeAsync(Value);
            await SuggestAsync();
        }
    }

    /// <summary>Without an answer there is nothing to suggest, and a name can still be typed.</summary>
    private async Task SuggestAsync() =>
        _names = (await Api.Agents.ListAsync(Value, null, _left.Token, Suggestions)).Value?.Data ?? [];
}
