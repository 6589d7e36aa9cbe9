using System.Globalization;
using AgentSystem.Runtime.Budgets;
using AgentSystem.Runtime.Budgets.Postgres;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace AgentSystem.Tests.Reliability;

/// <summary>
/// A tree of runs, some with a limit of their own, whose model calls are made by three processes that die and come back; a seed decides. The model counts what it sold.
/// <c>AGENTSYSTEM_SIMULATION_SEEDS=10000 dotnet run --project AgentSystem.Tests -- --filter-class "*ChildRunBudgetTests"</c> is the long version.
/// </summary>
public sealed class ChildRunBudgetTests(TestPostgres postgres)
{
    private const int Runs = 9;
    private const int Steps = 60;

    private static int Seeds => int.TryParse(Environment.GetEnvironmentVariable("AGENTSYSTEM_SIMULATION_SEEDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var seeds) ? seeds : 6;

    [Fact]
    public async Task AnyFaults_NoRunAndWhatIsBelowItEverCostMoreThanItsLimit()
    {
        var (refused, shared) = (0, 0);
        for (var seed = 1; seed <= Seeds; seed++)
        {
            await using var database = await MigratedDatabase.CreateAsync(postgres);
            var tree = new Tree(database, seed);
            await tree.RunAsync();
            refused += tree.Refused;
            shared += tree.Shared;
        }

        // The limits were reached, and by runs below them.
        Assert.True(refused > Seeds && shared > Seeds, $"{refused} calls were refused, {shared} were charged to several runs");
    }

    private sealed class Tree
    {
        private const string Tenant = MigratedDatabase.TenantA;

        private readonly Random random;
        private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero));
        private readonly MigratedDatabase database;
        private readonly PostgresBudgetBooks books;
        private readonly List<IReadOnlyList<RunLimit>> runs = [];
        private readonly List<string> holders = ["h1", "h2", "h3"];
        private readonly List<Call> calls = [];
        private readonly string seed;

        public Tree(MigratedDatabase database, int seed)
        {
            (this.database, random, this.seed) = (database, new Random(seed), seed.ToString(CultureInfo.InvariantCulture));
            books = new PostgresBudgetBooks(database.Runtime, time);
            for (var run = 0; run < Runs; run++)
            {
                // Each is below an earlier one; half have a limit, those far down often a higher one than those above.
                IReadOnlyList<RunLimit> above = run == 0 ? [] : runs[random.Next(run)];
                runs.Add(run == 0 || random.Next(2) == 0 ? [.. above, new RunLimit("run-" + run.ToString(CultureInfo.InvariantCulture), random.Next(2, 12))] : above);
            }
        }

        public int Refused { get; private set; }

        public int Shared { get; private set; }

        public async Task RunAsync()
        {
            for (var step = 0; step < Steps; step++)
            {
                await (random.Next(8) switch
                {
                    < 4 => Task.WhenAll(holders.Select(StartAsync)),
                    < 7 => Task.WhenAll(holders.Select(EndAsync)),
                    _ => DieAsync(),
                });
                await CheckAsync();
            }
        }

        private async Task StartAsync(string holder)
        {
            List<Call> wanted;
            lock (random)
            {
                wanted = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => NewCall(holder))];
            }

            var result = await books.TurnAsync(holder, [], [.. wanted.Select(static call => call.Record)], default);
            lock (random)
            {
                var sent = wanted.Where(call => result.Verdicts[call.Record.Id].Refusal is null).ToList();
                (Refused, Shared) = (Refused + wanted.Count - sent.Count, Shared + sent.Count(static call => call.Record.Scope.Runs.Count > 1));
                sent.ForEach(call => call.Sold = Math.Round(call.Record.CostUsd * random.Next(0, 101) / 100, 6));
                calls.AddRange(sent);
            }
        }

        private Call NewCall(string holder)
        {
            var scope = new BudgetScope(Tenant, "k", null, null, "agent", 1, "r") { Runs = runs[random.Next(Runs)] };
            return new Call(new CallRecord(new Guid(random.Next(), 0, 0, BitConverter.GetBytes(random.NextInt64())), scope, "m", time.GetUtcNow(), 1, 1, random.Next(1, 2_000) / 1000m, true), holder);
        }

        private async Task EndAsync(string holder)
        {
            List<Call> ending;
            lock (random)
            {
                ending = [.. calls.Where(call => call.Holder == holder && call.Open).Take(random.Next(1, 4))];
            }

            await books.TurnAsync(holder, [.. ending.Select(static call => call.End)], [], default);
            ending.ForEach(static call => call.Open = false);
        }

        /// <summary>kill -9 of a process: what it had under way is settled in full by the others, and another process takes its place.</summary>
        private async Task DieAsync()
        {
            var dead = holders[random.Next(holders.Count)];
            foreach (var call in calls.Where(call => call.Holder == dead && call.Open))
            {
                call.Open = false;
            }

            await books.LeaveAsync(dead, [Tenant], default);
            holders.Remove(dead);
            holders.Add("h" + random.Next(1_000, 1_000_000).ToString(CultureInfo.InvariantCulture));
        }

        private async Task CheckAsync()
        {
            foreach (var limit in runs.SelectMany(static limits => limits).Distinct())
            {
                var sold = calls.Where(call => call.Record.Scope.Runs.Contains(limit)).Sum(static call => call.Sold);
                Assert.True(sold <= limit.LimitUsd, $"Seed {seed}: {limit.RunId} and the runs below it were sold {sold} USD under a limit of {limit.LimitUsd}");
                var kept = await database.ScalarAsync(
                    $"SELECT spent_usd + granted_usd FROM agentsystem.budget_windows AS w JOIN agentsystem.budgets AS b ON b.tenant_id = w.tenant_id AND b.id = w.budget_id WHERE b.scope = 'run:{limit.RunId}'");
                Assert.True(sold <= (kept as decimal? ?? 0), $"Seed {seed}: {limit.RunId} was sold {sold} USD and its book says {kept ?? "nothing"}");
            }
        }

        private sealed class Call(CallRecord record, string holder)
        {
            public CallRecord Record { get; } = record;

            public string Holder { get; } = holder;

            public decimal Sold { get; set; }

            public bool Open { get; set; } = true;

            public CallEnd End => new(Record.Id, Tenant, true, Record with { CostUsd = Sold, Estimated = false });
        }
    }
}
