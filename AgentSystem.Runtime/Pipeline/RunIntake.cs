using AgentSystem.Contracts.Runs;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Egress;
using AgentSystem.Runtime.Runs;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Threads;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Pipeline;

/// <summary>Takes durable runs: everything that can be known to be wrong is told before one is in the queue. Requests and schedules come in here alike.</summary>
public sealed class RunIntake(IRunStore runs, IAgentStore agents, IModelDirectory models, IThreadStore threads, EgressRule egress, IOptions<ThreadOptions> limits, IOptions<RunOptions> options, TimeProvider time)
{
    /// <summary>Begins a thread with the run.</summary>
    public const string NewThread = "new";

    /// <summary>Highest priority; the lowest is its negative.</summary>
    public const int MostPriority = 100;

    private const string BareModel = "model:";

    /// <summary>Puts a run into the queue, or says why not.</summary>
    public async Task<(RunRecord? Run, RunFailure? Failure)> SubmitAsync(RunOrder order, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(order);
        if (CheckForm(order) is { } wrong)
        {
            return (null, wrong);
        }

        if (await CheckAgentAsync(order, cancellation) is { } unknown)
        {
            return (null, unknown);
        }

        var (user, unusable) = await UserAsync(order, cancellation);
        if (unusable is not null)
        {
            return (null, unusable);
        }

        var begins = order.ThreadId == NewThread;
        var submitted = await runs.SubmitAsync(
            new NewRun(Enabled(order.Caller), user, order.Agent, Input(order.Input))
            {
                ThreadId = begins ? ThreadLimits.NewId(time.GetUtcNow()) : order.ThreadId,
                BeginsThread = begins,
                OnConflict = order.OnConflict,
                Priority = order.Priority,
                BudgetUsd = order.BudgetUsd,
                Webhook = order.Webhook,
                ScheduleId = order.ScheduleId,
                Id = order.Id,
                ParentId = order.ParentId,
                MostDepth = options.Value.MaxDepth,
            },
            cancellation);
        return submitted.Run is { } run ? (run, null)
            : submitted.Parent is { } problem ? (null, ParentFailures.Of(problem, order.ParentId!, options.Value.MaxDepth))
            : (null, new RunFailure(409, "invalid_request_error", "run_under_way",
                $"Run \"{submitted.Conflict}\" is under way on thread \"{order.ThreadId}\"; wait for it at GET /api/v1/runs/{submitted.Conflict}/wait, or send \"on_conflict\" enqueue, interrupt or rollback.", "on_conflict"));
    }

    /// <summary>The same checks for a run that is to be begun later; what can change until then is checked again at that time.</summary>
    public async Task<RunFailure?> CheckAsync(RunOrder order, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(order);
        return CheckForm(order) ?? await CheckAgentAsync(order, cancellation) ?? (await UserAsync(order, cancellation)).Failure;
    }

    /// <summary>Null when a text can be asked; for forks too.</summary>
    public static RunFailure? CheckInput(string input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Length > ThreadLimits.MaxText || string.IsNullOrWhiteSpace(Input(input))
            ? RunFailure.Invalid("invalid_value", $"\"input\" must have 1 to {ThreadLimits.MaxText} characters, at least one of them visible.", "input")
            : null;
    }

    /// <summary>A text as it is kept and asked.</summary>
    public static string Input(string input) => ThreadLimits.Storable(Canonical.Text(input));

    /// <summary>The key's right to begin runs is what lets it talk to the agent inside one.</summary>
    public static Caller Enabled(Caller caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return caller.Has(Scopes.Chat) ? caller : caller with { Scopes = [.. caller.Scopes, Scopes.Chat] };
    }

    private RunFailure? CheckForm(RunOrder order)
    {
        if (CheckInput(order.Input) is { } wrong)
        {
            return wrong;
        }

        if (order.BudgetUsd is <= 0 or > 1_000_000)
        {
            return RunFailure.Invalid("invalid_value", "\"budget_usd\" must be above 0 and at most 1000000; leave it out for no limit of its own.", "budget_usd");
        }

        if (order.Priority is < -MostPriority or > MostPriority)
        {
            return RunFailure.Invalid("invalid_value", $"\"priority\" must be a whole number from -{MostPriority} to {MostPriority}.", "priority");
        }

        if (order.ParentId is { } parent && (parent.Length == 0 || parent.Contains('\0', StringComparison.Ordinal)))
        {
            return ParentFailures.Of(ParentProblem.Missing, parent, options.Value.MaxDepth);
        }

        return order.Webhook is { } webhook && egress.Problem(webhook) is { } problem
            ? RunFailure.Invalid("invalid_value", $"\"webhook\" must be {problem}.", "webhook")
            : null;
    }

    private async Task<RunFailure?> CheckAgentAsync(RunOrder order, CancellationToken cancellation)
    {
        var (agent, caller) = (order.Agent, order.Caller);
        var known = agent.Length > 0 && caller.MayCall(agent) && !agent.Contains('\0', StringComparison.Ordinal)
            && (agent.StartsWith(BareModel, StringComparison.Ordinal) ? models.TryGet(agent[BareModel.Length..], out _) : await agents.FindAsync(caller.Tenant, agent, cancellation) is not null);
        return known ? null : RunFailure.Invalid("agent_not_found", $"There is no agent \"{agent}\" that this key may call; GET /v1/models lists those it may.", "agent");
    }

    /// <summary>Whose run it is, and whether its thread can be gone on with; the same rule as for a chat call on a thread.</summary>
    private async Task<(string User, RunFailure? Failure)> UserAsync(RunOrder order, CancellationToken cancellation)
    {
        var (caller, own) = (order.Caller, RequestUser.Name(order.Caller, order.User));
        if (order.ThreadId is null or NewThread)
        {
            return (own, null);
        }

        var anybody = order.User is null && caller.BoundUser is null && caller.Has(Scopes.ThreadsWrite);
        if (order.ThreadId.Contains('\0', StringComparison.Ordinal) || await threads.FindAsync(new ThreadScope(caller.Tenant, anybody ? null : own), order.ThreadId, cancellation) is not { } thread)
        {
            return (own, ThreadFailures.NotFound(order.ThreadId) with { Param = "thread_id" });
        }

        var failure = thread.Agent is { } held && held != order.Agent ? ThreadFailures.AgentMismatch(order.ThreadId, held, order.Agent) with { Param = "thread_id" }
            : thread.Messages >= limits.Value.MaxMessages ? ThreadFailures.Full(order.ThreadId, limits.Value.MaxMessages) with { Param = "thread_id" }
            : null;
        return (anybody ? ThreadUser.Asked(thread.User) : own, failure);
    }
}

/// <summary>A run that somebody asks for.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Agent">An agent, or <c>model:&lt;name&gt;</c>.</param>
/// <param name="Input">What it is asked.</param>
/// <param name="User">The end user the caller names, whom it may name; null: none.</param>
/// <param name="ThreadId">A thread, <see cref="RunIntake.NewThread"/>, or null.</param>
/// <param name="OnConflict">What is done about others on the thread.</param>
/// <param name="BudgetUsd">The most it may cost.</param>
/// <param name="Webhook">Where its end is told.</param>
/// <param name="Priority">The higher the sooner.</param>
/// <param name="ScheduleId">The schedule that asks.</param>
/// <param name="Id">An id of its own; a second run of the same id is not begun.</param>
/// <param name="ParentId">The run that asks; null: none.</param>
public sealed record RunOrder(
    Caller Caller,
    string Agent,
    string Input,
    string? User = null,
    string? ThreadId = null,
    ConflictPolicy OnConflict = ConflictPolicy.Enqueue,
    decimal? BudgetUsd = null,
    string? Webhook = null,
    int Priority = 0,
    string? ScheduleId = null,
    string? Id = null,
    string? ParentId = null);
