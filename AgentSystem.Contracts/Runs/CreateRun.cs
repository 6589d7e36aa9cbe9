namespace AgentSystem.Contracts.Runs;

/// <summary>Body of <c>POST /api/v1/runs</c>.</summary>
/// <param name="Agent">An agent, or <c>model:&lt;name&gt;</c>.</param>
/// <param name="Input">What it is asked: 1 to 100,000 characters.</param>
/// <param name="ThreadId">The thread the turn is added to; <c>new</c> begins one; absent: none.</param>
/// <param name="User">Absent: the one the key is bound to, or the key itself.</param>
/// <param name="OnConflict">What is done about runs on the thread that have not ended; absent: it waits for them.</param>
/// <param name="BudgetUsd">Most USD it may cost, above 0; absent: what the other budgets leave.</param>
/// <param name="Webhook">Where it is told that the run ended, or waits for a person; https.</param>
/// <param name="Priority">-100 to 100, higher first among the tenant's own; absent: 0.</param>
/// <param name="ParentRunId">The run that begins this one: of the same user, and not ended. What this one costs counts in that one's <c>budget_usd</c> and in those above; cancelling that one cancels this one.</param>
public sealed record CreateRun(
    string Agent,
    string Input,
    string? ThreadId = null,
    string? User = null,
    ConflictPolicy OnConflict = ConflictPolicy.Enqueue,
    decimal? BudgetUsd = null,
    string? Webhook = null,
    int? Priority = null,
    string? ParentRunId = null);

/// <summary>The answer to a run that was taken (202).</summary>
/// <param name="ThreadId">Its thread; for <c>new</c> the one it begins; null: none.</param>
/// <param name="WebhookSecret">With a webhook: what its deliveries are signed with, shown this once.</param>
public sealed record RunStarted(string Id, string? ThreadId, RunStatus Status, string? WebhookSecret = null);

/// <summary>Body of <c>POST /api/v1/runs/{id}/fork</c>: a new run of the same input that has done what the old one did up to a step, and goes on from there.</summary>
/// <param name="Step">The last step it takes over, which must be done; 0: none; absent: all that are done.</param>
public sealed record ForkRun(int? Step = null);
