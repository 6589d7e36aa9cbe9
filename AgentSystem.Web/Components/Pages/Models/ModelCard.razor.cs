using AgentSystem.Contracts.Models;
using AgentSystem.Web.Clients;
using AgentSystem.Web.Components.Controls;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace AgentSystem.Web.Components.Pages.Models;

/// <summary>One model: what it is, how it does, and what can be done with it.</summary>
public sealed partial class ModelCard : IDisposable
{
    /// <summary>The median of three is not moved by one slow answer.</summary>
    private const int Rounds = 3;

    private static readonly TryModel Sample = new("Count from one to forty in words.", 96);

    private readonly CancellationTokenSource _left = new();
    private ApiFailure? _failure;
    private string? _measured;
    private bool _loading;
    private bool _turning;
    private int _round;

    [Parameter, EditorRequired]
    public ModelView Model { get; set; } = null!;

    /// <summary>Null until it is known.</summary>
    [Parameter]
    public ModelStatus? Status { get; set; }

    /// <summary>Called with a newer status.</summary>
    [Parameter]
    public EventCallback<ModelStatus> OnStatus { get; set; }

    [Inject]
    private AgentSystemClient Api { get; set; } = null!;

    [Inject]
    private BrowserTime Clock { get; set; } = null!;

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

    [Inject]
    private ISnackbar Notes { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    private bool IsBusy => _loading || _turning || _round > 0;

    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
    }

    private async Task LoadAsync()
    {
        (_loading, _failure) = (true, null);
        var loaded = await Api.Models.LoadAsync(Model.Name, _left.Token);
        (_loading, _failure) = (false, loaded.Failure);
        if (loaded.IsSuccess)
        {
            await OnStatus.InvokeAsync(loaded.Value);
        }
    }

    private async Task OpenBreakerAsync()
    {
        var instead = Model.Fallbacks is { Count: > 0 } ? $"Agents go on to {ModelWords.Fallbacks(Model)}, or to their own fallbacks." : "Agents that name no other model to fall back on fail.";
        if (await AskDialog.AskAsync(Dialogs, $"Open the breaker of {Model.Name}", $"No call reaches {Model.Name} until somebody closes the breaker again. {instead}", "Open it", "Leave it"))
        {
            await TurnAsync(open: true);
        }
    }

    private Task CloseBreakerAsync() => TurnAsync(open: false);

    private async Task TurnAsync(bool open)
    {
        (_turning, _failure) = (true, null);
        var turned = await Api.Models.SetBreakerAsync(Model.Name, open, _left.Token);
        (_turning, _failure) = (false, turned.Failure);
        if (turned.IsSuccess)
        {
            Notes.Add(open ? $"No call reaches {Model.Name} now." : $"Calls reach {Model.Name} again.", Severity.Success);
            await OnStatus.InvokeAsync(turned.Value);
        }
    }

    private async Task MeasureAsync()
    {
        (_failure, _measured) = (null, null);
        var trials = new List<ModelTrial>();
        for (_round = 1; _round <= Rounds; _round++)
        {
            StateHasChanged();
            var trial = await Api.Models.TryAsync(Model.Name, Sample, _left.Token);
            if (trial.Value is not { Success: true } done)
            {
                _failure = trial.Failure ?? new ApiFailure(0, "model_failed", trial.Value?.Error ?? "The model did not answer.");
                break;
            }

            trials.Add(done);
        }

        _round = 0;
        if (trials.Count == Rounds)
        {
            _measured = Words(trials, Model.PriceSource != "none");
        }
    }

    internal static string Words(IReadOnlyCollection<ModelTrial> trials, bool priced = true)
    {
        var cost = priced ? $"{Figures.Usd(trials.Sum(static trial => trial.CostUsd))} in all" : "at a price nobody knows";
        var speed = Median(trials.Select(static trial => trial.TokensPerSecond));
        var first = Median(trials.Select(static trial => trial.FirstTokenMs));
        return $"{trials.Count} answers of about {trials.Sum(static trial => trial.OutputTokens) / trials.Count} tokens: {ModelWords.Speed(speed)}, first token after {Figures.Duration(first)} (medians), {cost}.";
    }

    private static double? Median(IEnumerable<double?> values)
    {
        var known = values.OfType<double>().Order().ToArray();
        return known.Length == 0 ? null : known[known.Length / 2];
    }
}
