using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using AgentSystem.Contracts.Budgets;
using AgentSystem.Contracts.Json;
using AgentSystem.Runtime.Sessions;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Reliability.Soak;

/// <summary>
/// Random faults, one after the other, under runs, state and budgets over two API processes and one PostgreSQL; after each the system must go on by itself, and at the end everything must add up.
/// <c>AGENTSYSTEM_SOAK_MINUTES=5 dotnet run --project AgentSystem.Tests -- --filter-class "*SoakTests"</c> is a long one; <c>AGENTSYSTEM_SOAK_SEED</c> chooses another order of faults.
/// </summary>
public sealed class SoakTests
{
    private const int ShortFaults = 3;
    private const int Recovered = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(4);

    private readonly List<string> story = [];

    [Fact]
    public async Task Faults_OneAfterTheOther_AreSurvivedWithoutHelpAndEverythingAddsUp()
    {
        var (minutes, seed) = (Setting("AGENTSYSTEM_SOAK_MINUTES", 0), Setting("AGENTSYSTEM_SOAK_SEED", 1));
        var chance = new Random(seed);
        await using var world = await SoakWorld.StartAsync(places: 2);
        var work = new SoakWork(world, seed);
        using var stop = new CancellationTokenSource();
        var working = work.RunAsync(stop.Token);
        var began = Stopwatch.GetTimestamp();
        for (var fault = 0; minutes > 0 ? Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(minutes) : fault < ShortFaults; fault++)
        {
            await ProgressAsync(work, working);
            // The first ones are one of each kind, so that a short soak has them too.
            await FaultAsync(world, work, fault < Faults.Count ? Faults[fault] : Faults[chance.Next(Faults.Count)], chance);
        }

        await ProgressAsync(work, working);
        await stop.CancelAsync();
        await working.WaitAsync(Patience);
        await AssertAllAddsUpAsync(world, work);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{story.Count} faults in {Stopwatch.GetElapsedTime(began)}: {string.Join(", ", story.CountBy(static kind => kind).Select(static kind => $"{kind.Value} x {kind.Key}"))}. {work.Appended.Count} appends, {work.Runs.Count} runs; {string.Join(", ", work.Chats.Select(static chat => $"{chat.Value} chats answered {chat.Key}"))}; {world.SoldUsd} USD sold of {SoakWorld.LimitUsd}.");
    }

    private static IReadOnlyList<string> Faults { get; } = ["kill -9 of an API", "kill -9 of PostgreSQL", "cut both ways", "pause of an API", "cut to the server", "cut to the client", "connections reset", "connections stranded", "pause of PostgreSQL"];

    private async Task FaultAsync(SoakWorld world, SoakWork work, string kind, Random chance)
    {
        story.Add(kind);
        var place = world.Places[chance.Next(world.Places.Count)];
        switch (kind)
        {
            case "kill -9 of an API":
                await place.KillAsync();
                await place.StartAsync();
                break;
            case "kill -9 of PostgreSQL":
                await world.Database.KillAsync();
                await world.Database.StartAsync();
                break;
            case "pause of an API":
                await place.SignalAsync("STOP");
                await AWhileAsync(work);
                await place.SignalAsync("CONT");
                break;
            case "pause of PostgreSQL":
                await world.Database.PauseAsync();
                await AWhileAsync(work);
                await world.Database.ResumeAsync();
                break;
            case "connections stranded":
                place.Network.Strand();
                break;
            case "connections reset":
                place.Network.Reset();
                break;
            default:
                place.Network.Cut(kind switch { "cut both ways" => Way.Both, "cut to the server" => Way.ToServer, _ => Way.ToClient });
                await AWhileAsync(work);
                place.Network.Heal();
                break;
        }
    }

    /// <summary>As long as a fault lasts: longer than a lease, and until others have gone on, if they can.</summary>
    private static async Task AWhileAsync(SoakWork work)
    {
        var (before, began) = (work.Appended.Count, Stopwatch.GetTimestamp());
        while (Stopwatch.GetElapsedTime(began) < Longest / 2 || (work.Appended.Count < before + Recovered && Stopwatch.GetElapsedTime(began) < Longest))
        {
            await Task.Delay(50);
        }
    }

    /// <summary>Everything goes on: updates are acknowledged, runs end.</summary>
    private async Task ProgressAsync(SoakWork work, Task working)
    {
        var (items, runs, began) = (work.Appended.Count + Recovered, work.Runs.Count + 1, Stopwatch.GetTimestamp());
        while (work.Appended.Count < items || work.Runs.Count < runs)
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < Patience, $"Nothing goes on after {string.Join(", ", story)}: {work.Appended.Count} appends of {items}, {work.Runs.Count} runs of {runs}.");
            if (working.IsCompleted)
            {
                await working;
            }

            await Task.Delay(50);
        }
    }

    private static async Task AssertAllAddsUpAsync(SoakWorld world, SoakWork work)
    {
        var found = await ListAsync(world, "SELECT jsonb_array_elements(value)::text FROM agentsystem.session_keys WHERE session LIKE 'soak-%' AND key = 'items'");
        Assert.Equal(work.Appended.Select(static item => item.ToString(CultureInfo.InvariantCulture)).Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
        // A request whose process died after it had begun a run may have begun another when it came again: that is not promised, and those runs are as whole as any.
        await EmptyAsync(world, "SELECT id FROM agentsystem.runs WHERE status IN ('pending', 'running')");
        Assert.Empty(await ListAsync(world, "SELECT id || ' ' || status FROM agentsystem.runs WHERE status <> 'success'"));
        Assert.Empty(work.Runs.Except(await ListAsync(world, "SELECT id FROM agentsystem.runs")));
        var bank = (await world.Sessions.Store.ReadAsync(BankTool.Scope, BankTool.Session, new SessionRead(), default))!;
        Assert.Empty(work.WrongAccounts);
        Assert.Empty(Bank.Check(Bank.Balances(bank), Bank.Ledger(bank)));
        Assert.Equal(Bank.Ledger(bank).Order(StringComparer.Ordinal), (await ListAsync(world, $"SELECT call_id FROM agentsystem.run_steps WHERE status = 'done' AND result = '{BankTool.Moved}'")).Order(StringComparer.Ordinal));
        var budget = await SettledAsync(world);
        Assert.Equal(0, budget.ReservedUsd);
        Assert.InRange(budget.SpentUsd, world.SoldUsd, SoakWorld.LimitUsd);
    }

    private static async Task EmptyAsync(SoakWorld world, string sql)
    {
        var began = Stopwatch.GetTimestamp();
        while (await ListAsync(world, sql) is { Count: > 0 } left)
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < Patience, $"These do not end: {string.Join(", ", left)}");
            await Task.Delay(50);
        }
    }

    private static async Task<IReadOnlyList<string>> ListAsync(SoakWorld world, string sql)
    {
        var list = new List<string>();
        await using var select = world.Database.Source.CreateCommand(sql);
        await using var reader = await select.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            list.Add(reader.GetString(0));
        }

        return list;
    }

    /// <summary>The budget when nothing is set aside any more.</summary>
    private static async Task<BudgetView> SettledAsync(SoakWorld world)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var view = (await world.Places[0].Client.GetFromJsonAsync<BudgetView>("/api/v1/budgets/" + world.Budget, PlatformJson.Options))!;
            if (view.ReservedUsd == 0 || Stopwatch.GetElapsedTime(began) > Patience)
            {
                return view;
            }
        }
    }

    private static int Setting(string name, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
