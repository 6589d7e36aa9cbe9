using System.Text;
using System.Text.Json;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Runs;
using AgentSystem.Web.Clients;
using AgentSystem.Web.Components.Controls;
using Microsoft.AspNetCore.Components;

namespace AgentSystem.Web.Components.Pages.Runs;

/// <summary>One run, followed while it goes on: its events say that something changed, and what is shown is asked for anew.</summary>
public sealed partial class RunPage
{
    /// <summary>Events that come together are shown together.</summary>
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan BeforeReconnecting = TimeSpan.FromSeconds(2);

    private readonly StringBuilder _saying = new();
    private RunView? _run;
    private IReadOnlyList<ApprovalView> _approvals = [];
    private KeyNames _keys = KeyNames.None;
    private ApiFailure? _failure;
    private bool _refreshing;

    [Parameter]
    public string Id { get; set; } = "";

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    protected override async Task ArriveAsync()
    {
        await LoadAsync();
        if (_run is { } run)
        {
            _keys = KeyNames.IsKey(run.User) ? await KeyNames.LoadAsync(Api, Left) : _keys;
            StateHasChanged();
            await FollowAsync();
        }
    }

    private async Task LoadAsync()
    {
        var run = await Api.Runs.GetAsync(Id, Left);
        _failure = run.Failure;
        if (run.IsSuccess)
        {
            _run = run.Value;
            _approvals = run.Value.Status == RunStatus.Waiting ? (await Api.Runs.ApprovalsAsync(Id, Left)).Value?.Data ?? [] : [];
        }

        StateHasChanged();
    }

    private async Task FollowAsync()
    {
        var last = 0L;
        while (_run is { } run && !RunWords.HasEnded(run.Status) && _failure?.IsKeyRefused != true && !Left.IsCancellationRequested)
        {
            await foreach (var happened in Api.Runs.FollowAsync(Id, last, Left))
            {
                last = happened.Number;
                Take(happened);
            }

            await LoadAsync();
            if (_run is { } now && !RunWords.HasEnded(now.Status))
            {
                await Task.Delay(BeforeReconnecting, Time, Left);
            }
        }
    }

    private void Take(RunEventView happened)
    {
        if (happened.Type == "message.delta")
        {
            _saying.Append(happened.Data.Deserialize<RunMessageDelta>(PlatformJson.Options)?.Text);
            StateHasChanged();
            return;
        }

        if (happened.Type == "step.started")
        {
            // What an earlier step said is among the steps; a step that is begun again says it anew.
            _saying.Clear();
        }

        _ = RefreshSoonAsync();
    }

    private async Task RefreshSoonAsync()
    {
        if (_refreshing)
        {
            return;
        }

        _refreshing = true;
        await Task.Delay(Together, Time, Left).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _refreshing = false;
        if (!Left.IsCancellationRequested)
        {
            await LoadAsync();
        }
    }

    private async Task DecideAsync(DecideApproval decision)
    {
        _failure = (await Api.Runs.DecideAsync(Id, decision, Left)).Failure;
        var failed = _failure;
        await LoadAsync();
        _failure ??= failed;
        if (failed is null)
        {
            Note(decision.Decision == "approve" ? "The call is approved." : "The call is rejected.");
        }
    }

    private async Task CancelAsync()
    {
        var words = _run is { Children.Count: > 0 }
            ? "It goes no further, and neither do the runs it began. What their tools did stays done."
            : "It goes no further. What its tools did stays done.";
        if (await AskDialog.AskAsync(Dialogs, "Cancel the run", words, "Cancel the run", "Let it go on"))
        {
            var cancelled = await Api.Runs.CancelAsync(Id, Left);
            (_run, _failure) = (cancelled.Value ?? _run, cancelled.Failure);
        }
    }

    private async Task ForkAsync(int? step)
    {
        var fork = await Api.Runs.ForkAsync(Id, step, Left);
        _failure = fork.Failure;
        if (fork.IsSuccess)
        {
            Note("A new run goes on from there.");
            // Another page of the same kind: a whole load begins it afresh.
            Navigation.NavigateTo(RunWords.Page(fork.Value.Id), forceLoad: true);
        }
    }
}
