using System.Globalization;
using AgentSystem.Api.Http;
using AgentSystem.Contracts.Runs;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Runs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Runs;

/// <summary><c>GET /api/v1/runs/{id}/wait</c>: answers when the run has ended, or with the run as it is then after <c>?seconds=</c>.</summary>
internal static class WaitForRun
{
    private const int UsualSeconds = 30;
    private const int MostSeconds = 120;
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);

    public static async Task<Results<Ok<RunView>, FailureResult>> Handle(
        string id, string? seconds, HttpContext http, IRunStore runs, IRunSignals signals, IHostApplicationLifetime host, TimeProvider time, CancellationToken cancellation)
    {
        var most = UsualSeconds;
        if (seconds is not null && (!int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out most) || most > MostSeconds))
        {
            return new FailureResult(RunFailure.Invalid("invalid_value", $"\"seconds\" must be a whole number from 0 to {MostSeconds}; ask again to wait longer.", "seconds"));
        }

        var scope = RunAccess.Of(http.Caller());
        var (begun, limit) = (time.GetTimestamp(), TimeSpan.FromSeconds(most));
        using var watch = signals.Watch(id);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, host.ApplicationStopping);
        try
        {
            while (await runs.FindAsync(scope, id, either.Token) is { HasEnded: false } && limit - time.GetElapsedTime(begun) is var left && left > TimeSpan.Zero)
            {
                await watch.ChangedAsync(left < Poll ? left : Poll, either.Token);
            }
        }
        catch (OperationCanceledException) when (host.ApplicationStopping.IsCancellationRequested)
        {
            // The host stops: what is known now is the answer.
        }

        return await GetRun.ReadAsync(scope, id, runs, cancellation) is { } run ? TypedResults.Ok(run) : new FailureResult(RunAccess.NotFound(id));
    }
}
