using AgentSystem.Contracts.Runs;
using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Runs;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;

namespace AgentSystem.Tests.Runtime.Runs;

/// <summary>What the journal of an execution writes when, over a journal in memory whose answers a test holds back.</summary>
public sealed class RunJournalTests
{
    private readonly FakeTimeProvider time = new();
    private readonly MemoryRunLog log = new();
    private int calls;

    [Fact]
    public async Task Result_IsKeptWithTheNextStep_OrWhenTheExecutionEnds()
    {
        using var journal = Journal(new SlowLog(log, time));
        await AskAsync(journal);
        Assert.Equal([StepStatus.Running], log.Steps.Select(step => step.Status));
        await PayAsync(journal);
        Assert.Equal([StepStatus.Done, StepStatus.Started], log.Steps.Select(step => step.Status));
        await journal.FlushAsync();
        await journal.FlushAsync();

        Assert.Equal([StepStatus.Done, StepStatus.Done], log.Steps.Select(step => step.Status));
        Assert.True(journal.Progressed);
    }

    [Fact]
    public async Task Call_WhoseBeginningWasAnsweredLate_IsNotMadeWhenSomebodyElseHasTheRunMeanwhile()
    {
        // The network is cut behind the write and whole again when another holder has the run and a person has approved the call.
        var slow = new SlowLog(log, time) { Late = () => log.Claim() };
        using var journal = Journal(slow);
        await AskAsync(journal);
        slow.Delay = RunJournal.FreshAnswer * 2;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PayAsync(journal));

        Assert.Equal((RunStop.Lost, 0), (journal.Stopped, calls));
    }

    [Fact]
    public async Task Call_WhoseBeginningWasAnsweredLate_IsMadeOnceAFreshAnswerSaysThatTheRunIsStillOurs()
    {
        var slow = new SlowLog(log, time);
        using var journal = Journal(slow);
        await AskAsync(journal);
        slow.Delay = RunJournal.FreshAnswer * 2;

        await PayAsync(journal);

        Assert.Equal((1, 1), (calls, slow.Asked));
    }

    private RunJournal Journal(IRunLog over)
    {
        var lease = log.Claim();
        var run = new RunRecord
        {
            Id = lease.RunId, Tenant = lease.Tenant, User = "user:ada", Agent = RunHouse.Agent, Input = "do it", Status = RunStatus.Running, KeyId = "key", CreatedAt = DateTimeOffset.UnixEpoch, AgentVersion = 1,
        };
        return new RunJournal(new HeldRun(lease, run, RunHouse.Caller(), false, 0, TimeSpan.Zero), [], over, time, default, default);
    }

    private static async Task AskAsync(RunJournal journal)
    {
        Assert.Null(await journal.AskAsync("small", default));
        await journal.AnsweredAsync(new ChatResponse(new ChatMessage(ChatRole.Assistant, "pay")), null, (1, 1, 0));
    }

    private async Task PayAsync(RunJournal journal) => await journal.CallAsync(
        0, "pay", ToolEffect.Once, "{}",
        (_, _) =>
        {
            calls++;
            return ValueTask.FromResult("paid");
        },
        journal.Token);

    /// <summary>Answers the next beginning late: it is kept, and then much happens before the caller hears of it.</summary>
    private sealed class SlowLog(IRunLog inner, FakeTimeProvider time) : IRunLog
    {
        public TimeSpan Delay { get; set; }

        public Action? Late { get; init; }

        /// <summary>How often it was asked whether the run is still the holder's.</summary>
        public int Asked { get; private set; }

        public Task<IReadOnlyList<RunStep>> ReadAsync(RunLease lease, CancellationToken cancellation) => inner.ReadAsync(lease, cancellation);

        public Task<bool> StartAsync(RunLease lease, int agentVersion, int threadMessages, CancellationToken cancellation)
        {
            Asked++;
            return inner.StartAsync(lease, agentVersion, threadMessages, cancellation);
        }

        public Task<int?> BeginAsync(RunLease lease, StepBegin begin, CancellationToken cancellation) => inner.BeginAsync(lease, begin, cancellation);

        public Task<bool> EndAsync(RunLease lease, StepEnd end, CancellationToken cancellation) => inner.EndAsync(lease, end, cancellation);

        public async Task<int?> AdvanceAsync(RunLease lease, StepEnd end, StepBegin next, CancellationToken cancellation)
        {
            var index = await inner.AdvanceAsync(lease, end, next, cancellation);
            time.Advance(Delay);
            Late?.Invoke();
            return index;
        }

        public Task<bool> DeltaAsync(RunLease lease, int index, string text, CancellationToken cancellation) => inner.DeltaAsync(lease, index, text, cancellation);

        public Task<bool> WaitAsync(RunLease lease, StepBegin call, bool unknown, CancellationToken cancellation) => inner.WaitAsync(lease, call, unknown, cancellation);

        public Task<bool> ReleaseAsync(RunLease lease, TimeSpan after, bool counts, CancellationToken cancellation) => inner.ReleaseAsync(lease, after, counts, cancellation);

        public Task<bool> FinishAsync(RunLease lease, RunEnd end, CancellationToken cancellation) => inner.FinishAsync(lease, end, cancellation);
    }
}
