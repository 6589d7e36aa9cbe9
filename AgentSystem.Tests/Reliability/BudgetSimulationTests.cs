using System.Globalization;
using AgentSystem.Contracts.Budgets;
using AgentSystem.Runtime.Budgets;
using AgentSystem.Runtime.Budgets.Postgres;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace AgentSystem.Tests.Reliability;

/// <summary>
/// Three processes, three budgets, one model that counts what it really sold, and a seed that decides who draws, sends, settles, dies, is buried alive, and when the limit changes.
/// <c>AGENTSYSTEM_SIMULATION_SEEDS=10000 dotnet run --project AgentSystem.Tests -- --filter-class "*BudgetSimulationTests"</c> is the long version.
/// </summary>
public sealed class BudgetSimulationTests(TestPostgres postgres)
{
    private const int Steps = 120;

    private static int Seeds => int.TryParse(Environment.GetEnvironmentVariable("AGENTSYSTEM_SIMULATION_SEEDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var seeds) ? seeds : 6;

    [Fact]
    public async Task AnyFaults_TheModelNeverSellsMoreThanTheLimit_AndEveryCentIsAccountedFor()
    {
        for (var seed = 1; seed <= Seeds; seed++)
        {
            await using var database = await MigratedDatabase.CreateAsync(postgres);
            var world = new World(database, seed);
            try
            {
                await world.RunAsync(Steps);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed.ToString(CultureInfo.InvariantCulture)}: {e.Message}", e);
            }
        }
    }

    private sealed class World
    {
        private const string Tenant = MigratedDatabase.TenantA;
        private static readonly string[] Scopes = ["tenant:" + Tenant, "key:k", "team:t"];

        private readonly Random random;
        private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero));
        private readonly MigratedDatabase database;
        private readonly PostgresBudgetBooks books;
        private readonly PostgresBudgetStore store;
        private readonly List<string> holders = ["h1", "h2", "h3"];
        private readonly List<Call> calls = [];
        private readonly Dictionary<string, (string Id, decimal Limit, decimal Highest)> budgets = [];
        private int names = 3;

        public World(MigratedDatabase database, int seed)
        {
            (this.database, random) = (database, new Random(seed));
            (books, store) = (new PostgresBudgetBooks(database.Runtime, time), new PostgresBudgetStore(database.Runtime, time));
        }

        public async Task RunAsync(int steps)
        {
            foreach (var scope in Scopes)
            {
                var limit = random.Next(5, 40);
                var made = await store.AddAsync(Tenant, new CreateBudget(scope, limit, BudgetWindow.Total), "test", default);
                budgets[scope] = (made!.Id, limit, limit);
            }

            for (var step = 0; step < steps; step++)
            {
                await StepAsync();
                await CheckAsync();
            }

            await SettleAllAsync();
        }

        private Task StepAsync() => random.Next(20) switch
        {
            < 8 => TurnAsync(Any()),
            < 13 => EndSomeAsync(Any()),
            13 => DieAsync(Any()),
            14 => BuryAliveAsync(),
            15 => TwiceAsync(Any()),
            16 => books.BeatAsync(Any(), [Tenant], default),
            17 => ChangeAsync(),
            18 => Task.WhenAll(holders.Select(TurnAsync)),
            _ => Task.WhenAll(holders.Select(EndSomeAsync)),
        };

        private string Any() => holders[random.Next(holders.Count)];

        private async Task TurnAsync(string holder)
        {
            List<Call> wanted;
            lock (random)
            {
                wanted = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => NewCall(holder))];
            }

            var result = await books.TurnAsync(holder, [], [.. wanted.Select(static call => call.Record)], default);
            lock (random)
            {
                foreach (var call in wanted.Where(call => result.Verdicts[call.Record.Id].Refusal is null))
                {
                    // Sent, or lost between the reservation and the wire; a model sells up to what it was asked for.
                    call.Sold = random.Next(10) == 0 ? 0 : Math.Round(call.Record.CostUsd * random.Next(0, 101) / 100, 6);
                    calls.Add(call);
                }
            }
        }

        private Call NewCall(string holder)
        {
            var scope = new BudgetScope(Tenant, random.Next(3) > 0 ? "k" : "other", random.Next(2) > 0 ? "t" : null, null, "agent", 1, "r");
            return new Call(new CallRecord(new Guid(random.Next(), 0, 0, BitConverter.GetBytes(random.NextInt64())), scope, "m", time.GetUtcNow(), 1, 1, random.Next(1, 4_000) / 1000m, true), holder);
        }

        private async Task EndSomeAsync(string holder)
        {
            List<Call> ending;
            lock (random)
            {
                ending = [.. calls.Where(call => call.Holder == holder && call is { Ended: false, Lost: false }).Take(random.Next(1, 5))];
            }

            await books.TurnAsync(holder, [.. ending.Select(static call => call.End)], [], default);
            foreach (var call in ending)
            {
                call.Ended = true;
            }
        }

        /// <summary>The answer to a commit was lost, so what ended is told again.</summary>
        private async Task TwiceAsync(string holder)
        {
            await EndSomeAsync(holder);
            await books.TurnAsync(holder, [.. calls.Where(call => call.Holder == holder && call.Ended).Take(3).Select(static call => call.End)], [], default);
        }

        /// <summary>kill -9: what it knew is gone; another process buries it, sooner or later.</summary>
        private async Task DieAsync(string holder)
        {
            foreach (var call in calls.Where(call => call.Holder == holder && !call.Ended))
            {
                call.Lost = true;
            }

            holders.Remove(holder);
            holders.Add($"h{(++names).ToString(CultureInfo.InvariantCulture)}");
            if (random.Next(2) == 0)
            {
                await BuryAsync(holder);
            }
        }

        /// <summary>A process that was paused too long: it is buried, wakes, and goes on as if nothing had happened.</summary>
        private async Task BuryAliveAsync()
        {
            var victim = Any();
            foreach (var call in calls.Where(call => call.Holder == victim && !call.Ended))
            {
                call.Lost = true;
            }

            await BuryAsync(victim);
            await books.TurnAsync(victim, [.. calls.Where(call => call.Holder == victim && call.Lost).Select(static call => call.End)], [], default);
        }

        private Task BuryAsync(string holder) => books.LeaveAsync(holder, [Tenant], default);

        private async Task ChangeAsync()
        {
            var scope = Scopes[random.Next(Scopes.Length)];
            var (id, _, highest) = budgets[scope];
            var limit = random.Next(0, 60);
            await store.UpdateAsync(Tenant, id, new UpdateBudget(LimitUsd: limit), default);
            budgets[scope] = (id, limit, Math.Max(highest, limit));
        }

        private async Task CheckAsync()
        {
            foreach (var (scope, (id, limit, highest)) in budgets)
            {
                var view = (await store.FindAsync(Tenant, id, default))!;
                var sold = calls.Where(call => Counts(scope, call)).Sum(static call => call.Sold);
                Assert.True(sold <= highest, $"{scope}: {sold} USD were sold under a limit that never was above {highest}");
                Assert.True(sold <= view.SpentUsd + view.ReservedUsd, $"{scope}: {sold} USD were sold and {view.SpentUsd + view.ReservedUsd} are spent and reserved");
                Assert.Equal(Math.Max(0, limit - view.SpentUsd - view.ReservedUsd), view.RemainingUsd);
                Assert.Equal(0L, await database.ScalarAsync($"""
                    SELECT count(*) FROM agentsystem.budget_windows AS w WHERE w.budget_id = '{id}' AND w.granted_usd <>
                        coalesce((SELECT sum(credit_usd + sent_usd + used_usd) FROM agentsystem.budget_leases AS l WHERE l.budget_id = w.budget_id AND l.starts_at = w.starts_at), 0)
                    """));
            }
        }

        private async Task SettleAllAsync()
        {
            foreach (var holder in holders)
            {
                await books.TurnAsync(holder, [.. calls.Where(call => call.Holder == holder && call is { Ended: false, Lost: false }).Select(static call => call.End)], [], default);
                await books.BeatAsync(holder, [Tenant], default);
            }

            foreach (var call in calls.Where(static call => !call.Lost))
            {
                call.Ended = true;
            }

            // The dead nobody buried yet.
            await books.ReclaimAsync(TimeSpan.Zero, default);
            foreach (var (scope, (id, _, _)) in budgets)
            {
                var view = (await store.FindAsync(Tenant, id, default))!;
                var owed = calls.Where(call => Counts(scope, call)).Sum(static call => call.Lost ? call.Record.CostUsd : call.Sold);
                Assert.Equal((owed, 0m), (view.SpentUsd, view.ReservedUsd));
            }

            var ledger = calls.Where(static call => call.Reserved).Sum(static call => call.Lost ? call.Record.CostUsd : call.Sold);
            Assert.Equal(ledger, (decimal)(await database.ScalarAsync("SELECT coalesce(sum(cost_usd), 0) FROM agentsystem.model_calls"))!);
            Assert.Equal(0L, await database.ScalarAsync("SELECT count(*) FROM agentsystem.calls_under_way"));
        }

        private static bool Counts(string scope, Call call) => call.Record.Scope.Names.Contains(scope);

        private sealed class Call(CallRecord record, string holder)
        {
            public CallRecord Record { get; } = record;

            public string Holder { get; } = holder;

            public decimal Sold { get; set; }

            /// <summary>Its process settled it.</summary>
            public bool Ended { get; set; }

            /// <summary>Its process was buried before it could.</summary>
            public bool Lost { get; set; }

            public bool Reserved => Scopes.Any(scope => Counts(scope, this));

            public CallEnd End => new(Record.Id, Tenant, true, Record with { CostUsd = Sold, Estimated = false });
        }
    }
}
