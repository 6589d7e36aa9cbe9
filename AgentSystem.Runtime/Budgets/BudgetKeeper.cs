using AgentSystem.Contracts.Models;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Budgets;

/// <summary>The door to budgets around a model call: first the most it can cost is set aside, then the call is sent, then what it did cost is settled.</summary>
public sealed class BudgetKeeper
{
    private readonly BudgetDirectory directory;
    private readonly BudgetCommitter committer;
    private readonly BudgetTelemetry telemetry;
    private readonly TimeProvider time;

    internal BudgetKeeper(BudgetDirectory directory, BudgetCommitter committer, BudgetTelemetry telemetry, IOptions<BudgetsOptions> options, TimeProvider time)
    {
        (this.directory, this.committer, this.telemetry, this.time) = (directory, committer, telemetry, time);
        MediaTokens = options.Value.MediaTokens;
    }

    /// <summary>See <see cref="BudgetsOptions.MediaTokens"/>.</summary>
    public int MediaTokens { get; }

    /// <summary>Sets aside the most a call can cost, in every budget that counts it or in none. When it returns a reservation, that survives this process. A model without a price sets nothing aside.</summary>
    public async ValueTask<BudgetVerdict> ReserveAsync(BudgetScope scope, ModelView model, TokenBound bound, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(bound);
        var now = time.GetUtcNow();
        var most = new CallRecord(Guid.CreateVersion7(now), scope, model.Name, now, bound.Input, bound.Output, ModelPrice.Cost(model, bound), Estimated: true);
        if (most.CostUsd == 0 || !await directory.CountsAsync(scope, cancellation).ConfigureAwait(false))
        {
            return new BudgetVerdict(new BudgetReservation(most, false, null), null);
        }

        var verdict = await committer.StartAsync(most, cancellation).ConfigureAwait(false);
        if (verdict.Refusal is { } refusal)
        {
            telemetry.Refused(refusal.Scope);
            return new BudgetVerdict(null, refusal);
        }

        return new BudgetVerdict(new BudgetReservation(most, verdict.Reserved, verdict.Remaining), null);
    }

    /// <summary>A call ended; never waits. Returns what is left in the budget that has least.</summary>
    /// <param name="reservation">What was set aside for it.</param>
    /// <param name="input">Tokens it read.</param>
    /// <param name="output">Tokens it wrote.</param>
    /// <param name="costUsd">USD.</param>
    /// <param name="estimated">True when the provider did not tell.</param>
    public decimal? Settle(BudgetReservation reservation, long input, long output, decimal costUsd, bool estimated)
    {
        ArgumentNullException.ThrowIfNull(reservation);
        var most = reservation.Most;
        committer.End(new CallEnd(most.Id, most.Scope.Tenant, reservation.Reserved, most with { InputTokens = input, OutputTokens = output, CostUsd = costUsd, Estimated = estimated }));
        return reservation.Remaining is { } left ? Math.Max(0, left + most.CostUsd - costUsd) : null;
    }

    /// <summary>The call was not sent, or surely nothing was sold: it costs nothing and leaves no row.</summary>
    public decimal? Release(BudgetReservation reservation)
    {
        ArgumentNullException.ThrowIfNull(reservation);
        if (reservation.Reserved)
        {
            committer.End(new CallEnd(reservation.Most.Id, reservation.Most.Scope.Tenant, true, null));
        }

        return reservation.Remaining is { } left ? left + reservation.Most.CostUsd : null;
    }

    /// <summary>A cheaper model goes on where a budget had no room.</summary>
    public void Degraded() => telemetry.Degraded();

    /// <summary>A budget of this tenant was made in this process: it counts from the next call on.</summary>
    public void Changed(string tenant) => directory.Forget(tenant);
}

/// <summary>Either a reservation, or why there is no room.</summary>
public sealed record BudgetVerdict(BudgetReservation? Reservation, BudgetRefusal? Refusal);

/// <summary>What is set aside for one call; it must come back through <see cref="BudgetKeeper.Settle"/> or <see cref="BudgetKeeper.Release"/>.</summary>
public sealed class BudgetReservation
{
    internal BudgetReservation(CallRecord most, bool reserved, decimal? remaining) => (Most, Reserved, Remaining) = (most, reserved, remaining);

    /// <summary>The call at the most it can cost.</summary>
    public CallRecord Most { get; }

    /// <summary>USD left after it in the budget that has least; null when no budget counts it.</summary>
    public decimal? Remaining { get; }

    internal bool Reserved { get; }
}
