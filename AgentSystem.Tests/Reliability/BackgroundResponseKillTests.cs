using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using AgentSystem.Contracts.Agents;
using AgentSystem.Contracts.Runs;
using AgentSystem.Contracts.Security;
using AgentSystem.Control.State.Postgres;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Agents.Postgres;
using AgentSystem.Runtime.Responses;
using AgentSystem.Runtime.Runs;
using AgentSystem.Runtime.Runs.Postgres;
using AgentSystem.Runtime.State.Postgres;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Api.Responses;
using AgentSystem.Tests.Harness;
using Npgsql;

namespace AgentSystem.Tests.Reliability;

/// <summary>A background response that pays and speaks a dozen times, over three API processes; those that make it are killed with -9 in the middle, twice.</summary>
public sealed class BackgroundResponseKillTests(TestPostgres postgres) : IAsyncDisposable
{
    private const int Payments = 12;
    private static readonly RunScope Everybody = new(Tenants.Default, null);

    private readonly string effects = Path.Combine(Path.GetTempPath(), "agentsystem-effects-" + Path.GetRandomFileName());
    private readonly List<TestProcess> processes = [];
    private readonly CancellationTokenSource patience = new(TimeSpan.FromMinutes(3), TimeProvider.System);
    private ScriptedProvider? provider;
    private NpgsqlDataSource? database;
    private string connection = "";

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes)
        {
            await process.DisposeAsync();
        }

        await (provider?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (database?.DisposeAsync() ?? ValueTask.CompletedTask);
        patience.Dispose();
        File.Delete(effects);
    }

    [Fact]
    public async Task Response_WhoseMakersAreKilledInTheMiddle_CompletesWithEachEffectOnceAndOneStreamWithoutGap()
    {
        var store = await PrepareAsync();
        var addresses = new Dictionary<TestProcess, Uri>();
        foreach (var process in Enumerable.Range(0, 3).Select(_ => Start()).ToList())
        {
            addresses[process] = await AddressAsync(process);
        }

        var id = await PostAsync(addresses[processes[0]]);
        var run = ItemIds.RunOf(id);
        var readers = processes.Select(first => FollowAsync([first, .. processes.Where(other => other != first)], addresses, id)).ToList();
        foreach (var payments in new[] { 3, 7 })
        {
            await UntilAsync(store, run, () => EffectsFile.Read(effects).Length >= payments);
            await (await HolderAsync(run)).SignalAsync("KILL");
        }

        await UntilAsync(store, run, () => false);

        var streams = await Task.WhenAll(readers);
        var paid = EffectsFile.Read(effects);
        Assert.Equal((Payments, Payments), (paid.Length, paid.Distinct().Count()));
        Assert.All(streams, events => Assert.Equal(Enumerable.Range(0, events.Count), events.Select(told => told.GetProperty("sequence_number").GetInt32())));
        Assert.All(streams, events => Assert.Equal(streams[0].Select(told => told.GetRawText()), events.Select(told => told.GetRawText())));
        using var client = Client(addresses[Living()]);
        var response = await client.GetJsonAsync($"{ResponseCalls.Path}/{id}");
        var said = string.Concat(Enumerable.Range(0, Payments).Select(i => Says(i) + " ")) + "done";
        Assert.Equal(("completed", said), (response.Text("status"), response.Said()));
        Assert.Equal(said, string.Concat(streams[0].Where(told => told.Text("type") == "response.output_text.delta").Select(told => told.Text("delta"))));
        Assert.Equal(1, streams[0].Count(told => told.Text("type") == "response.in_progress"));
        Assert.Equal("response.completed", streams[0][^1].Text("type"));
        Assert.Equal((Payments + 1) * 15, response.GetProperty("usage").GetProperty("total_tokens").GetInt32());
    }

    [Fact]
    public async Task Response_WhoseMakerIsPausedPastItsLease_IsMadeElsewhereAndTheMakerIsRefusedWhenItWakes()
    {
        var store = await PrepareAsync();

        // Its model holds the response back, so that its maker is paused with no payment on its way: what it had begun to send, it would still send when it wakes.
        provider!.Allow(5);
        var addresses = new Dictionary<TestProcess, Uri>();
        foreach (var process in Enumerable.Range(0, 2).Select(_ => Start()).ToList())
        {
            addresses[process] = await AddressAsync(process);
        }

        var id = await PostAsync(addresses[processes[0]]);
        var run = ItemIds.RunOf(id);
        await UntilAsync(store, run, () => EffectsFile.Read(effects).Length >= 5);
        var paused = await HolderAsync(run);
        var other = processes.Single(process => process != paused);
        await paused.SignalAsync("STOP");
        provider.Allow(Payments);
        await UntilAsync(store, run, () => EffectsFile.Read(effects).Length >= 8);
        await paused.SignalAsync("CONT");
        await UntilAsync(store, run, () => false);

        var paid = EffectsFile.Read(effects);
        Assert.Equal((Payments, Payments), (paid.Length, paid.Distinct().Count()));
        // Each tells the same, the one that woke as well: whatever it had still to say was refused.
        var streams = await Task.WhenAll(FollowAsync([paused], addresses, id), FollowAsync([other], addresses, id));
        Assert.Equal(streams[0].Select(told => told.GetRawText()), streams[1].Select(told => told.GetRawText()));
        Assert.Equal(Enumerable.Range(0, streams[0].Count), streams[0].Select(told => told.GetProperty("sequence_number").GetInt32()));
        Assert.Equal("response.completed", streams[0][^1].Text("type"));
        using var client = Client(addresses[other]);
        Assert.Equal(string.Concat(Enumerable.Range(0, Payments).Select(i => Says(i) + " ")) + "done", (await client.GetJsonAsync($"{ResponseCalls.Path}/{id}")).Said());
    }

    private static string Says(int i) => string.Create(CultureInfo.InvariantCulture, $"payment {i} follows.");

    private async Task<string> PostAsync(Uri address)
    {
        using var client = Client(address);
        using var answer = await client.PostAsync(ResponseCalls.Path, BadInputTests.Json("""{"model":"payer","input":"pay them all","background":true}"""), patience.Token);
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync(patience.Token)).Text("id")!;
    }

    /// <summary>Reads to the end, going on at the next process with the number of the last event whenever one dies.</summary>
    private async Task<List<JsonElement>> FollowAsync(IReadOnlyList<TestProcess> order, Dictionary<TestProcess, Uri> addresses, string id)
    {
        var events = new List<JsonElement>();
        for (var turn = 0; ; turn++)
        {
            try
            {
                using var client = Client(addresses[order[turn % order.Count]]);
                var after = events.Count == 0 ? "" : $"&starting_after={events[^1].GetProperty("sequence_number").GetInt32()}";
                using var reader = new StreamReader(await client.GetStreamAsync($"{ResponseCalls.Path}/{id}?stream=true{after}", patience.Token));
                while (await reader.ReadLineAsync(patience.Token) is { } line)
                {
                    if (line == "data: [DONE]")
                    {
                        return events;
                    }

                    if (line.StartsWith("data: ", StringComparison.Ordinal))
                    {
                        events.Add(JsonElement.Parse(line["data: ".Length..]));
                    }
                }
            }
            catch (Exception broken) when (broken is HttpRequestException or IOException)
            {
                // This one was killed; the next goes on.
            }

            patience.Token.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Waits for the condition or the end of the run; a person looks after payments whose outcome was lost, and can see whether they were made.</summary>
    private async Task UntilAsync(PostgresRunStore store, string id, Func<bool> condition)
    {
        while (!condition())
        {
            var run = (await store.FindAsync(Everybody, id, patience.Token))!;
            if (run.HasEnded)
            {
                return;
            }

            if (run.Status == RunStatus.Waiting)
            {
                var lost = (await store.StepsAsync(Everybody, id, patience.Token)).Single(step => step is { Status: StepStatus.Unknown, Call.Decision: null });
                await store.DecideAsync(Everybody, id, new NewDecision(lost.Call!.Id, lost.Call.ArgumentsHash, Approved: !EffectsFile.Read(effects).Contains(lost.Call.Id), "pay did it", "a person"), patience.Token);
            }

            await Task.Delay(20, patience.Token);
        }
    }

    private async Task<PostgresRunStore> PrepareAsync()
    {
        connection = await postgres.CreateDatabaseAsync();
        database = NpgsqlDataSource.Create(connection);
        await RuntimeSchema.MigrateRuntimeAsync(database, patience.Token);
        await ControlSchema.MigrateControlAsync(database, patience.Token);
        var agent = SeededAgents.Assistant with { Name = "payer", Tools = [EffectsFile.Tool], Limits = new AgentLimits(MaxSteps: 60, MaxSeconds: 600) };
        await new PostgresAgentStore(new RuntimeDatabase(database)).SeedAsync(agent, DateTimeOffset.UnixEpoch, patience.Token);
        provider = await ScriptedProvider.StartAsync(EffectsFile.Tool, Payments, Says);
        return RunStores.Over(new RuntimeDatabase(database));
    }

    private async Task<TestProcess> HolderAsync(string run)
    {
        while (true)
        {
            await using var select = database!.CreateCommand("SELECT holder FROM agentsystem.runs WHERE id = $1");
            select.Parameters.Add(new NpgsqlParameter { Value = run });
            if (await select.ExecuteScalarAsync(patience.Token) is string holder)
            {
                var processId = int.Parse(holder[(holder.LastIndexOf('-') + 1)..], CultureInfo.InvariantCulture);
                if (TestProcess.Lives(processId))
                {
                    return processes.Single(process => process.Id == processId);
                }
            }

            await Task.Delay(20, patience.Token);
        }
    }

    private TestProcess Living() => processes.First(process => TestProcess.Lives(process.Id));

    private static async Task<Uri> AddressAsync(TestProcess process)
    {
        const string label = "Now listening on: ";
        var line = await process.LineAsync(static line => line.Contains(label, StringComparison.Ordinal));
        return new Uri(line[(line.IndexOf(label, StringComparison.Ordinal) + label.Length)..].Trim());
    }

    private static HttpClient Client(Uri address) => new() { BaseAddress = address, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", ApiFixture.Admin) } };

    private TestProcess Start()
    {
        var process = ProductProcess.Start("AgentSystem.Api",
        [
            .. EffectsFile.Environment(effects),
            ("AGENTSYSTEM_API_URL", "http://127.0.0.1:0"), ("AGENTSYSTEM_ROOT_KEY", "a-root-key-for-tests-0123456789-0123456789"), ("AGENTSYSTEM_ADMIN_KEY", ApiFixture.Admin),
            ("ConnectionStrings__postgres", connection),
            ("Models__small__Provider", "openai"), ("Models__small__Model", "scripted"), ("Models__small__Endpoint", provider!.Endpoint),
            ("Runs__Lease", "00:00:01"), ("Runs__Poll", "00:00:00.2"),
        ]);
        processes.Add(process);
        return process;
    }
}
