using AgentSystem.Web.Clients;
using AgentSystem.Web.Components.Controls;
using AgentSystem.Contracts.Usage;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace AgentSystem.Web.Components.Pages.Overview;

/// <summary>The system's figures, asked for every two seconds while the page is open. What is shown after a failure is marked as old.</summary>
public sealed partial class OverviewPage : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _left = new();
    private Contracts.Monitoring.Overview? _seen;
    private DateTimeOffset _seenAt;
    private ApiFailure? _failure;

    [Inject]
    private AgentSystemClient Api { get; set; } = null!;

    [Inject]
    private BrowserTime Clock { get; set; } = null!;

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

    [Inject]
    private Prices Prices { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    private string LiveTone => _failure is not null ? "offline" : _seen is null ? "waiting" : "ok";

    private string LiveWords => (_failure, _seen) switch
    {
        (null, null) => "Connecting",
        (null, _) => "Live",
        (_, null) => "Offline",
        _ => $"Offline · figures from {Figures.Time(Clock.Local(_seenAt))}",
    };

    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }

        var left = _left.Token;
        await Clock.LearnAsync();
        using var timer = new PeriodicTimer(Interval, Time);
        do
        {
            Take(await Api.GetOverviewAsync(left));
            StateHasChanged();
            if (_failure is null && !Prices.AreKnown)
            {
                await Prices.LearnAsync();
                StateHasChanged();
            }
        }
        while (_failure?.IsKeyRefused != true && await timer.WaitForNextTickAsync(left));
    }

    private void Take(ApiResult<Contracts.Monitoring.Overview> answer)
    {
        _failure = answer.Failure;
        if (answer.IsSuccess)
        {
            (_seen, _seenAt) = (answer.Value, Time.GetUtcNow());
        }
    }

    private Task OpenAsync(RequestUsage request) => RequestSheet.OpenAsync(Dialogs, request.RequestId, request);

    private static string PerMinute(Contracts.Monitoring.Overview now) =>
        now.WindowMinutes == 0 ? "" : $"{(double)now.Requests / now.WindowMinutes:0.#} a minute";

    /// <summary>The sum counts calls of models without a price as nothing; where one of them is among the recent ones, it says so.</summary>
    private (string Value, string? Note) CostOf(Contracts.Monitoring.Overview now)
    {
        var unpriced = now.Recent.Any(request => Prices.AreUnknownFor(Cost.PaidBy(request)));
        return (now, unpriced) switch
        {
            ({ Requests: 0 }, _) => (Figures.Usd(now.CostUsd), null),
            ({ CostUsd: 0 }, true) => (Figures.Unknown, "the model has no price"),
            (_, true) => (Figures.Usd(now.CostUsd), "without models that have no price"),
            _ => (Figures.Usd(now.CostUsd), $"{Figures.Usd(Math.Round(now.CostUsd / now.Requests, 8))} a request"),
        };
    }

    private string Uptime(Contracts.Monitoring.Overview now) => (Time.GetUtcNow() - now.StartedAt) switch
    {
        { TotalDays: >= 1 } up => $"{up.Days} d {up.Hours} h",
        { TotalHours: >= 1 } up => $"{up.Hours} h {up.Minutes} min",
        { TotalMinutes: >= 1 } up => $"{up.Minutes} min",
        var up => $"{Math.Max(0, up.Seconds)} s",
    };
}
