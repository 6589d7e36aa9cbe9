using System.Globalization;
using AgentSystem.Contracts.Runs;
using AgentSystem.Contracts.Security;
using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Runs;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;

namespace AgentSystem.Tests.Reliability;

/// <summary>
/// Thousands of histories of one run: workers die before, at and after any write and any effect, are paused while others go on, and wake up; a person decides by what can be seen.
/// A seed gives the same history every time. <c>AGENTSYSTEM_SIMULATION_SEEDS=10000</c> tries more.
/// </summary>
public sealed class RunSimulationTests
{
    private const int DefaultSeeds = 500;
    private const int LongestHistory = 400;

    private static readonly (string Tool, ToolEffect Effect)[][] Script =
        [[("look", ToolEffect.Read)], [("put", ToolEffect.Idempotent), ("pay", ToolEffect.Once)], [("fire", ToolEffect.Unsafe)], [("pay", ToolEffect.Once), ("look", ToolEffect.Read)]];

    [Fact]
    public async Task Histories_AnySeed_EndWithEveryEffectKept()
    {
        var seeds = int.Parse(Environment.GetEnvironmentVariable("AGENTSYSTEM_SIMULATION_SEEDS") ?? $"{DefaultSeeds}", CultureInfo.InvariantCulture);
        var faults = 0;
        for (var seed = 1; seed <= seeds; seed++)
        {
            var history = new History(seed);
            await history.RunAsync();
            faults += history.Faults;
            Assert.True(history.Log is { Status: RunStatus.Success, Output: "done" }, $"seed {seed}: {history.Log.Status}");
            foreach (var (id, times) in history.Effects)
            {
                Assert.True(times == 1 || id.Tool is "look" or "put", $"seed {seed}: {id} happened {times} times");
            }

            // Each place of the script has one id, however often it was met.
            Assert.True(Script.Sum(calls => calls.Length) == history.Effects.Count, $"seed {seed}: {history.Effects.Count} different calls");
            Assert.True(history.FiredWithoutLeave == 0, $"seed {seed}: fired without leave");
        }

        Assert.True(faults > seeds, "The faults did not come.");
    }

    [Fact]
    public async Task History_OfOneSeed_IsTheSameEveryTime()
    {
        var (first, second) = (new History(7), new History(7));
        await first.RunAsync();
        await second.RunAsync();
        Assert.Equal(first.Story, second.Story);
    }

    [Fact]
    public async Task Histories_WithAPersonWhoApprovesWithoutLooking_ShowThatTheCheckSeesADoublePayment()
    {
        var twice = 0;
        for (var seed = 1; seed <= 200; seed++)
        {
            var history = new History(seed, blind: true);
            await history.RunAsync();
            twice += history.Effects.Any(effect => effect.Key.Tool == "pay" && effect.Value > 1) ? 1 : 0;
        }

        Assert.InRange(twice, 1, 200);
    }

    private sealed class History(int seed, bool blind = false)
    {
        private readonly Random chance = new(seed);
        private readonly FakeTimeProvider time = new();
        private readonly HashSet<string> leaves = [];
        private readonly List<(TaskCompletionSource Gate, Task Work)> paused = [];

        public MemoryRunLog Log { get; } = new();

        public Dictionary<(string Tool, string Id), int> Effects { get; } = [];

        public List<string> Story { get; } = [];

        public int Faults { get; set; }

        public int FiredWithoutLeave { get; private set; }

        public async Task RunAsync()
        {
            for (var turn = 0; Log.Status != RunStatus.Success; turn++)
            {
                Assert.True(turn < LongestHistory, $"seed {seed} comes to no end");
                if (Log.Status == RunStatus.Waiting)
                {
                    // Somebody who is paused before the call may still make it: a careful person lets everybody wake up first.
                    await WakeAsync();
                    Decide(!blind);
                    continue;
                }

                // The later, the fewer faults, so that every history ends.
                await StartAsync(turn > 40 ? int.MaxValue : chance.Next(1, 14));
                if (chance.Next(4) == 0)
                {
                    await WakeAsync();
                }
            }

            await WakeAsync();
        }

        public void Happened(string tool, string id)
        {
            FiredWithoutLeave += tool == "fire" && !leaves.Contains(id) ? 1 : 0;
            Effects[(tool, id)] = Effects.GetValueOrDefault((tool, id)) + 1;
            Story.Add($"{tool} {id}");
        }

        private void Decide(bool looks)
        {
            var call = Log.Steps.Single(step => step is { Status: StepStatus.Planned or StepStatus.Unknown, Call.Decision: null });
            var id = call.Call!.Id;
            var approved = !looks || !Effects.ContainsKey((call.Name, id));
            if (approved)
            {
                leaves.Add(id);
            }

            Log.Decide(approved);
        }

        private async Task StartAsync(int moment)
        {
            var gate = new TaskCompletionSource();
            var work = new SimulatedWorker(this, Log.Claim(), moment, (Fault)chance.Next(3), gate.Task).WorkAsync(time);
            if (work.IsCompleted)
            {
                await work;
            }
            else
            {
                paused.Add((gate, work));
            }
        }

        private async Task WakeAsync()
        {
            foreach (var (gate, work) in paused)
            {
                gate.SetResult();
                await work;
            }

            paused.Clear();
        }
    }

    private enum Fault
    {
        DiesBefore,
        DiesAfter,
        Pauses,
    }

    /// <summary>One execution: the loop of the script over the real journal, with one fault at one write or effect of it.</summary>
    private sealed class SimulatedWorker(History history, RunLease lease, int moment, Fault fault, Task gate) : IRunLog
    {
        private int happened;
        private bool dead;

        public async Task WorkAsync(TimeProvider time)
        {
            var run = new RunRecord
            {
                Id = lease.RunId, Tenant = lease.Tenant, User = "user:ada", Agent = RunHouse.Agent, Input = "do it", Status = RunStatus.Running, KeyId = "key", CreatedAt = DateTimeOffset.UnixEpoch,
            };
            var held = new HeldRun(lease, run, RunHouse.Caller(), false, null, TimeSpan.Zero);
            using var journal = new RunJournal(held, await ReadAsync(lease, default), this, time, default, default);
            try
            {
                foreach (var calls in Script)
                {
                    await AskAsync(journal);
                    for (var place = 0; place < calls.Length; place++)
                    {
                        var (tool, effect) = calls[place];
                        await journal.CallAsync(place, tool, effect, "{}", (id, _) => CallAsync(tool, id), journal.Token);
                    }
                }

                await AskAsync(journal);
                await journal.FlushAsync();
                await FinishAsync(lease, new RunEnd(RunStatus.Success, "done", null), default);
            }
            catch (Exception e) when (dead || (e is OperationCanceledException && journal.Stopped is not null))
            {
                history.Story.Add($"{lease.Token} {(dead ? "died" : journal.Stopped)}");
            }
        }

        public Task<IReadOnlyList<RunStep>> ReadAsync(RunLease mine, CancellationToken cancellation) => history.Log.ReadAsync(mine, cancellation);

        public Task<bool> StartAsync(RunLease mine, int agentVersion, int threadMessages, CancellationToken cancellation) => MeetAsync(() => history.Log.StartAsync(mine, agentVersion, threadMessages, cancellation));

        public Task<int?> BeginAsync(RunLease mine, StepBegin begin, CancellationToken cancellation) => MeetAsync(() => history.Log.BeginAsync(mine, begin, cancellation));

        public Task<bool> EndAsync(RunLease mine, StepEnd end, CancellationToken cancellation) => MeetAsync(() => history.Log.EndAsync(mine, end, cancellation));

        public Task<int?> AdvanceAsync(RunLease mine, StepEnd end, StepBegin next, CancellationToken cancellation) => MeetAsync(() => history.Log.AdvanceAsync(mine, end, next, cancellation));

        public Task<bool> DeltaAsync(RunLease mine, int index, string text, CancellationToken cancellation) => MeetAsync(() => history.Log.DeltaAsync(mine, index, text, cancellation));

        public Task<bool> WaitAsync(RunLease mine, StepBegin call, bool unknown, CancellationToken cancellation) => MeetAsync(() => history.Log.WaitAsync(mine, call, unknown, cancellation));

        public Task<bool> ReleaseAsync(RunLease mine, TimeSpan after, bool counts, CancellationToken cancellation) => MeetAsync(() => history.Log.ReleaseAsync(mine, after, counts, cancellation));

        public Task<bool> FinishAsync(RunLease mine, RunEnd end, CancellationToken cancellation) => MeetAsync(() => history.Log.FinishAsync(mine, end, cancellation));

        private static async Task AskAsync(RunJournal journal)
        {
            if (await journal.AskAsync("small", journal.Token) is null)
            {
                await journal.AnsweredAsync(new ChatResponse(new ChatMessage(ChatRole.Assistant, "next")), null, (1, 1, 0));
            }
        }

        private async ValueTask<string> CallAsync(string tool, string id) => await MeetAsync(() =>
        {
            history.Happened(tool, id);
            return Task.FromResult("ok");
        });

        /// <summary>What a worker does to the world, with the fault where its time has come. The dead do nothing.</summary>
        private async Task<T> MeetAsync<T>(Func<Task<T>> act)
        {
            var now = ++happened == moment;
            history.Faults += now ? 1 : 0;
            dead |= now && fault == Fault.DiesBefore;
            if (now && fault == Fault.Pauses)
            {
                await gate;
            }

            if (dead)
            {
                throw new IOException("The process is dead.");
            }

            var result = await act();
            dead |= now && fault == Fault.DiesAfter;
            return dead ? throw new IOException("The process is dead.") : result;
        }
    }
}
