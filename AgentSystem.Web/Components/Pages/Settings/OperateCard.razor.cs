using AgentSystem.Contracts.Platform;
using AgentSystem.Web.Clients;
using AgentSystem.Web.Components.Controls;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace AgentSystem.Web.Components.Pages.Settings;

/// <summary>What whoever runs the platform does to it while it runs. What can hurt is asked first.</summary>
public sealed partial class OperateCard
{
    private const string Draining = "draining";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private IReadOnlyList<InstanceView>? _instances;
    private ApiFailure? _failure;
    private ApiFailure? _refused;
    private string? _notYours;
    private bool _busy;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    /// <summary>Asked again every few seconds: a draining instance is watched until it is empty.</summary>
    protected override async Task ArriveAsync()
    {
        using var timer = new PeriodicTimer(Interval, Time);
        do
        {
            if (!_busy)
            {
                await LoadAsync();
                StateHasChanged();
            }
        }
        while (_failure?.IsKeyRefused != true && _notYours is null && await timer.WaitForNextTickAsync(Left));
    }

    private static bool IsDraining(InstanceView instance) => instance.State == Draining;

    private async Task LoadAsync()
    {
        var instances = await Api.Operations.ListInstancesAsync(Left);
        // An administrator of one tenant does not run the platform: that is no failure, there is only less to do.
        _notYours = instances.Failure is { Status: StatusCodes.Status403Forbidden } refused ? refused.Message : null;
        _failure = _notYours is null ? instances.Failure : null;
        _instances = instances.Value?.Data ?? _instances;
    }

    private async Task ClearCacheAsync()
    {
        if (await AskDialog.AskAsync(
            Dialogs, "Clear the cache", "Every kept answer of this tenant is forgotten, in all processes that share the store. Questions that were asked before go to the model again, at its pace and its price.", "Clear it", "Keep it"))
        {
            await DoAsync(Api.Operations.ClearCacheAsync, static cleared => cleared.Removed switch
            {
                0 => "The cache was empty.",
                1 => "1 answer is forgotten.",
                var many => $"{Figures.Count(many)} answers are forgotten.",
            });
        }
    }

    private async Task DrainAsync(InstanceView instance)
    {
        var last = _instances?.All(other => other.Name == instance.Name || IsDraining(other)) == true;
        if (await AskDialog.AskAsync(
            Dialogs, $"Drain {instance.Name}", $"It takes no new runs and reports that it is not ready; those in progress go on to their end. {(last ? "No other instance is serving: until one is resumed, every new question is refused." : "New runs go to the other instances.")}", "Drain it", "Leave it"))
        {
            await DoAsync(cancellation => Api.Operations.DrainAsync(instance.Name, cancellation), Show);
        }
    }

    private Task ResumeAsync(InstanceView instance) => DoAsync(cancellation => Api.Operations.ResumeAsync(instance.Name, cancellation), Show);

    private async Task RotateAsync()
    {
        // A click beside the dialog must not throw away a secret that is shown only once.
        var dialog = await Dialogs.ShowAsync<RotateKeyDialog>("Rotate the admin key", new DialogOptions { BackdropClick = false });
        await dialog.Result;
        await LoadAsync();
    }

    private string Show(InstanceView changed)
    {
        _instances = [.. _instances!.Select(instance => instance.Name == changed.Name ? changed : instance)];
        return IsDraining(changed) ? $"{changed.Name} takes no new runs; {changed.InUse} in progress." : $"{changed.Name} takes new runs again.";
    }

    private async Task DoAsync<T>(Func<CancellationToken, Task<ApiResult<T>>> act, Func<T, string> words)
        where T : class
    {
        (_busy, _refused) = (true, null);
        var done = await act(Left);
        (_busy, _refused) = (false, done.Failure);
        if (done.IsSuccess)
        {
            Note(words(done.Value));
        }
    }
}
