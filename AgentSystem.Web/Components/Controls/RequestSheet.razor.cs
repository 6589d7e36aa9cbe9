using AgentSystem.Contracts.Usage;
using AgentSystem.Web.Clients;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace AgentSystem.Web.Components.Controls;

/// <summary>One request, explained: where its time, tokens and money went.</summary>
public sealed partial class RequestSheet : IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private RequestUsage? _request;
    private ApiFailure? _failure;

    [Parameter, EditorRequired]
    public string RequestId { get; set; } = "";

    /// <summary>What is already known of it, shown until the answer comes.</summary>
    [Parameter]
    public RequestUsage? Known { get; set; }

    [Inject]
    private AgentSystemClient Api { get; set; } = null!;

    [Inject]
    private BrowserTime Clock { get; set; } = null!;

    public static Task OpenAsync(IDialogService dialogs, string requestId, RequestUsage? known)
    {
        ArgumentNullException.ThrowIfNull(dialogs);
        var parameters = new DialogParameters<RequestSheet> { { sheet => sheet.RequestId, requestId }, { sheet => sheet.Known, known } };
        return dialogs.ShowAsync<RequestSheet>("Request", parameters, new DialogOptions { FullWidth = false });
    }

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override void OnInitialized() => _request = Known;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await Clock.LearnAsync();
            await LoadAsync();
            StateHasChanged();
        }
    }

    private async Task LoadAsync()
    {
        var answer = await Api.GetRequestAsync(RequestId, _closed.Token);
        _failure = answer.Failure;
        _request = answer.Value ?? _request;
    }

    /// <summary>Tools report their own time and overhead is measured; what is left was the model's.</summary>
    internal static IReadOnlyList<(string Name, string Tone, double Milliseconds)> Parts(RequestUsage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var tools = request.Tools.Sum(static tool => tool.DurationMs);
        var model = Math.Max(0, request.DurationMs - request.OverheadMs - tools);
        return [("Model", "model", model), ("Tools", "tools", tools), ("Overhead", "overhead", request.OverheadMs)];
    }
}
