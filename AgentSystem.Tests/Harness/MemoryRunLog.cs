using AgentSystem.Contracts.Runs;
using AgentSystem.Runtime.Runs;

namespace AgentSystem.Tests.Harness;

/// <summary>
/// The journal of one run in memory, for simulations of thousands of histories. It keeps to the same conformance suite as the one in Postgres, and
/// can be told to lose its caller's process before or after any write.
/// </summary>
internal sealed class MemoryRunLog : IRunLog
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    private readonly SortedDictionary<int, RunStep> steps = [];
    private long token;

    public RunStatus Status { get; private set; } = RunStatus.Pending;

    public string? Output { get; private set; }

    public IReadOnlyCollection<RunStep> Steps => steps.Values;

    /// <summary>Gives the run to a new holder; the old one's token is worth nothing from now on.</summary>
    public RunLease Claim()
    {
        Status = RunStatus.Running;
        return new RunLease("default", "run_1", ++token);
    }

    /// <summary>A person decides about the call that waits.</summary>
    public void Decide(bool approved)
    {
        var (index, step) = steps.Single(pair => pair.Value is { Status: StepStatus.Planned or StepStatus.Unknown, Call.Decision: null });
        steps[index] = step with { Call = step.Call! with { Decision = new CallDecision(approved, "because", "key", Noon) } };
        Status = RunStatus.Pending;
    }

    public Task<IReadOnlyList<RunStep>> ReadAsync(RunLease lease, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<RunStep>>([.. steps.Values]);

    public Task<bool> StartAsync(RunLease lease, int agentVersion, int threadMessages, CancellationToken cancellation) => Task.FromResult(Holds(lease));

    public Task<int?> BeginAsync(RunLease lease, StepBegin begin, CancellationToken cancellation)
    {
        if (!Holds(lease))
        {
            return Task.FromResult<int?>(null);
        }

        var old = Find(begin.Key);
        var step = Step(begin, begin.Call is null ? StepStatus.Running : StepStatus.Started, old);
        steps[step.Index] = step with { Attempts = old is null || old.Status == StepStatus.Planned ? step.Attempts : step.Attempts + 1, Call = Decided(begin.Call, old?.Call?.Decision) };
        return Task.FromResult<int?>(step.Index);
    }

    public Task<bool> EndAsync(RunLease lease, StepEnd end, CancellationToken cancellation)
    {
        var holds = Holds(lease);
        if (holds)
        {
            steps[end.Index] = steps[end.Index] with { Status = StepStatus.Done, Result = end.Result, Name = end.Name ?? steps[end.Index].Name, FinishedAt = Noon };
        }

        return Task.FromResult(holds);
    }

    public async Task<int?> AdvanceAsync(RunLease lease, StepEnd end, StepBegin next, CancellationToken cancellation) =>
        await EndAsync(lease, end, cancellation) ? await BeginAsync(lease, next, cancellation) : null;

    public Task<bool> DeltaAsync(RunLease lease, int index, string text, CancellationToken cancellation) => Task.FromResult(Holds(lease));

    public Task<bool> WaitAsync(RunLease lease, StepBegin call, bool unknown, CancellationToken cancellation)
    {
        var holds = Holds(lease);
        if (holds)
        {
            var step = Step(call, unknown ? StepStatus.Unknown : StepStatus.Planned, Find(call.Key));
            steps[step.Index] = step with { Call = Decided(call.Call, null) };
            Status = RunStatus.Waiting;
        }

        return Task.FromResult(holds);
    }

    public Task<bool> ReleaseAsync(RunLease lease, TimeSpan after, bool counts, CancellationToken cancellation)
    {
        var holds = Holds(lease);
        Status = holds ? RunStatus.Pending : Status;
        return Task.FromResult(holds);
    }

    public Task<bool> FinishAsync(RunLease lease, RunEnd end, CancellationToken cancellation)
    {
        var holds = Holds(lease);
        (Status, Output) = holds ? (end.Status, end.Output) : (Status, Output);
        return Task.FromResult(holds);
    }

    private static ToolCallEntry? Decided(ToolCallEntry? call, CallDecision? decision) => call is null ? null : call with { Decision = decision };

    private bool Holds(RunLease lease) => Status == RunStatus.Running && lease.Token == token;

    private RunStep? Find(string key) => steps.Values.FirstOrDefault(step => step.Key == key);

    private RunStep Step(StepBegin begin, StepStatus status, RunStep? old) =>
        (old ?? new RunStep { Index = steps.Count + 1, Key = begin.Key, Kind = begin.Kind, Name = begin.Name, Status = status, StartedAt = Noon }) with { Status = status };
}
