using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AgentSystem.Api;
using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Tools;
using AgentSystem.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AgentSystem.Tests.Reliability;

/// <summary>Runs that come in through an API that executes none, and are executed by Workers processes, which are killed and ended on the way.</summary>
public sealed class WorkerProcessTests(TestPostgres postgres) : IAsyncDisposable
{
    private const int Payments = 50;
    private const string RootKey = "a-root-key-for-tests-0123456789-0123456789";

    private readonly string effects = Path.Combine(Path.GetTempPath(), "agentsystem-effects-" + Path.GetRandomFileName());
    private readonly List<TestProcess> workers = [];
    private readonly CancellationTokenSource patience = new(TimeSpan.FromMinutes(4));
    private string connection = "";
    private ScriptedProvider? provider;
    private WebApplication? api;

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in workers)
        {
            await worker.DisposeAsync();
        }

        await (api?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (provider?.DisposeAsync() ?? ValueTask.CompletedTask);
        patience.Dispose();
        File.Delete(effects);
    }

    [Fact]
    public async Task Run_OfAnApiThatExecutesNone_IsExecutedByAWorkerAndTheApiTellsItsEventsAsTheyHappen()
    {
        using var client = await StartAsync();
        var id = await BeginAsync(client);
        using var stream = await client.GetAsync($"/api/v1/runs/{id}/events", HttpCompletionOption.ResponseHeadersRead, patience.Token);
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync(patience.Token));
        var first = await EventAsync(reader);
        Assert.Equal(("run.status", "pending"), (first.Type, first.Data.GetProperty("status").GetString()));

        // Whatever comes now was done by the worker, and told by another process.
        var worker = StartWorker();
        var told = new List<(string Type, JsonElement Data)>();
        do
        {
            told.Add(await EventAsync(reader));
        }
        while (told[^1].Type != "run.finished");

        Assert.Equal(("success", "done"), (told[^1].Data.GetProperty("status").GetString(), told[^1].Data.GetProperty("output").GetString()));
        Assert.Equal((2 * Payments) + 1, told.Count(one => one.Type == "step.finished"));
        Assert.Equal(Payments, EffectsFile.Read(effects).Distinct().Count());
        Assert.Equal("healthy", await ReadyAsync(worker));
    }

    [Fact]
    public async Task Run_WhoseWorkerIsKilled_GoesOnAtAnotherAndEveryPaymentIsMadeOnce()
    {
        using var client = await StartAsync();
        var id = await BeginAsync(client);
        var killed = StartWorker();
        await UntilAsync(client, id, () => EffectsFile.Read(effects).Length >= 7);
        await killed.SignalAsync("KILL");
        StartWorker();

        var run = await UntilAsync(client, id, () => false);

        AssertPaid(run);
    }

    [Fact]
    public async Task Run_WhoseWorkerIsEnded_IsHandedBackAtOnceAndFinishedByAnother()
    {
        using var client = await StartAsync();
        var id = await BeginAsync(client);
        // A lease this long does not end within the test: only the hand-back lets another worker have the run.
        var ended = StartWorker("00:10:00");
        await UntilAsync(client, id, () => EffectsFile.Read(effects).Length >= 5);
        await ended.SignalAsync("TERM");
        Assert.Equal(0, await ended.ExitAsync());
        Assert.Equal(("pending", 0), await QueuedAsync(id));
        StartWorker("00:10:00");

        var run = await UntilAsync(client, id, () => false);

        AssertPaid(run);
    }

    private void AssertPaid(JsonElement run)
    {
        Assert.True(run.GetProperty("status").GetString() == "success", $"The run ended with {run.GetProperty("error")}.");
        Assert.Equal("done", run.GetProperty("output").GetString());
        Assert.Equal((2 * Payments) + 1, run.GetProperty("steps").GetArrayLength());
        var paid = EffectsFile.Read(effects);
        Assert.Equal((Payments, Payments), (paid.Length, paid.Distinct().Count()));
    }

    /// <summary>The API, in this process; its tool fails the test should it ever be called here.</summary>
    private async Task<HttpClient> StartAsync()
    {
        connection = await postgres.CreateDatabaseAsync();
        provider = await ScriptedProvider.StartAsync(EffectsFile.Tool, Payments);
        api = ApiHost.Build([], builder =>
        {
            builder.Logging.ClearProviders();
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["ConnectionStrings:postgres"] = connection,
                ["AGENTSYSTEM_ROOT_KEY"] = RootKey,
                ["AGENTSYSTEM_ADMIN_KEY"] = ApiFixture.Admin,
                ["AGENTSYSTEM_API_URL"] = "http://127.0.0.1:0",
                ["Runs:Concurrency"] = "0",
                ["Models:small:Provider"] = "openai",
                ["Models:small:Model"] = "scripted",
                ["Models:small:Endpoint"] = provider.Endpoint,
            });
            builder.Services.AddSingleton<ITool>(new CountingTool(EffectsFile.Tool, ToolEffect.Once, (_, id) => File.AppendAllText(effects, $"the API itself made {id}\n")));
        });
        await ApiHost.PrepareAsync(api, patience.Token);
        await api.StartAsync(patience.Token);
        var client = new HttpClient { BaseAddress = new Uri(api.Urls.First()) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ApiFixture.Admin);
        using var agent = await client.PostAsJsonAsync(
            "/api/v1/agents", new { name = "payer", model = "small", instructions = "Pay.", tools = new[] { EffectsFile.Tool }, limits = new { max_steps = 60, max_seconds = 600 } }, patience.Token);
        agent.EnsureSuccessStatusCode();
        return client;
    }

    /// <param name="lease">Longer than a cold process on a busy machine needs to its first sign of life.</param>
    private TestProcess StartWorker(string lease = "00:00:05")
    {
        workers.Add(ProductProcess.Start("AgentSystem.Workers",
        [
            .. EffectsFile.Environment(effects),
            ("ASPNETCORE_URLS", "http://127.0.0.1:0"), ("AGENTSYSTEM_ROOT_KEY", RootKey), ("ConnectionStrings__postgres", connection), ("Roles", "reasoning"),
            ("Models__small__Provider", "openai"), ("Models__small__Model", "scripted"), ("Models__small__Endpoint", provider!.Endpoint),
            ("Runs__Lease", lease), ("Runs__Poll", "00:00:00.2"),
        ]));
        return workers[^1];
    }

    /// <summary>What a worker says of its data path: schema, stores, models, and whether it takes runs.</summary>
    private async Task<string?> ReadyAsync(TestProcess worker)
    {
        const string Listening = "Now listening on: ";
        var line = await worker.LineAsync(static line => line.Contains(Listening, StringComparison.Ordinal));
        using var http = new HttpClient();
        using var ready = await http.GetAsync(line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..].Trim() + "/ready", patience.Token);
        var answer = await ready.Content.ReadFromJsonAsync<JsonElement>(patience.Token);
        Assert.Contains("schema", answer.GetProperty("checks").EnumerateObject().Select(static check => check.Name));
        return answer.GetProperty("status").GetString();
    }

    private async Task<string> BeginAsync(HttpClient client)
    {
        using var begun = await client.PostAsJsonAsync("/api/v1/runs", new { agent = "payer", input = "pay" }, patience.Token);
        begun.EnsureSuccessStatusCode();
        return (await begun.Content.ReadFromJsonAsync<JsonElement>(patience.Token)).GetProperty("id").GetString()!;
    }

    /// <summary>Waits for the condition or the run's end. A person decides about a payment whose outcome was lost by looking whether it was made.</summary>
    private async Task<JsonElement> UntilAsync(HttpClient client, string id, Func<bool> condition)
    {
        while (true)
        {
            var run = await client.GetFromJsonAsync<JsonElement>($"/api/v1/runs/{id}", patience.Token);
            var status = run.GetProperty("status").GetString();
            if (condition() || status is not ("pending" or "running" or "waiting"))
            {
                return run;
            }

            if (status == "waiting")
            {
                var approvals = await client.GetFromJsonAsync<JsonElement>($"/api/v1/runs/{id}/approvals", patience.Token);
                var call = approvals.GetProperty("data").EnumerateArray().Single(approval => approval.GetProperty("state").GetString() == "pending").GetProperty("id").GetString()!;
                var decision = EffectsFile.Read(effects).Contains(call) ? "reject" : "approve";
                using var decided = await client.PostAsJsonAsync($"/api/v1/runs/{id}/approvals", new { id = call, decision, reason = "it was paid" }, patience.Token);
                decided.EnsureSuccessStatusCode();
            }

            await Task.Delay(30, patience.Token);
        }
    }

    private async Task<(string Status, int Attempts)> QueuedAsync(string id)
    {
        await using var database = NpgsqlDataSource.Create(connection);
        await using var select = database.CreateCommand("SELECT status, attempts FROM agentsystem.runs WHERE id = $1");
        select.Parameters.Add(new NpgsqlParameter { Value = id });
        await using var row = await select.ExecuteReaderAsync(patience.Token);
        await row.ReadAsync(patience.Token);
        return (row.GetString(0), row.GetInt32(1));
    }

    private async Task<(string Type, JsonElement Data)> EventAsync(StreamReader reader)
    {
        var type = "";
        while (await reader.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                type = line["event: ".Length..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return (type, JsonSerializer.Deserialize<JsonElement>(line["data: ".Length..]));
            }
        }

        throw new InvalidOperationException("The stream ended before the run did.");
    }
}
