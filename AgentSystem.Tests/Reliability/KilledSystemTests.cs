using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AgentSystem.AppHost.Embedded.Postgres;
using AgentSystem.Tests.AppHost;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentSystem.Tests.Reliability;

/// <summary>The whole system, its database included, is killed with -9 in the middle of a run of 101 steps, and started again: the run is finished, every payment made once.</summary>
public sealed class KilledSystemTests : IAsyncDisposable
{
    private const int Payments = 50;

    private readonly string folder = Path.Combine(Path.GetTempPath(), "agentsystem-killed-" + Path.GetRandomFileName());
    private readonly string effects = Path.Combine(Path.GetTempPath(), "agentsystem-effects-" + Path.GetRandomFileName());
    private readonly CancellationTokenSource patience = new(TimeSpan.FromMinutes(4));
    private readonly List<TestProcess> processes = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes)
        {
            await process.DisposeAsync();
        }

        await EmbeddedPostgres.RemoveAsync(folder, NullLogger.Instance, CancellationToken.None);
        File.Delete(effects);
        patience.Dispose();
    }

    [Fact]
    public async Task Everything_KilledTwiceInTheMiddleOfARun_FinishesItWithEachEffectOnce()
    {
        StandaloneRun.SkipInTheAspireWorld();
        await using var provider = await ScriptedProvider.StartAsync(EffectsFile.Tool, Payments);
        var client = await StartAsync(provider);
        using var agent = await client.PostAsJsonAsync("/api/v1/agents", new { name = "payer", model = "small", instructions = "Pay.", tools = new[] { EffectsFile.Tool }, limits = new { max_steps = 60, max_seconds = 600 } }, patience.Token);
        agent.EnsureSuccessStatusCode();
        using var begun = await client.PostAsJsonAsync("/api/v1/runs", new { agent = "payer", input = "pay", thread_id = "new" }, patience.Token);
        begun.EnsureSuccessStatusCode();
        var id = (await begun.Content.ReadFromJsonAsync<JsonElement>(patience.Token)).GetProperty("id").GetString()!;
        foreach (var payments in new[] { 10, 30 })
        {
            await UntilAsync(client, id, () => EffectsFile.Read(effects).Length >= payments);
            client.Dispose();
            await KillAsync();
            client = await StartAsync(provider);
        }

        var run = await UntilAsync(client, id, () => false);

        Assert.Equal(("success", "done"), (run.GetProperty("status").GetString(), run.GetProperty("output").GetString()));
        Assert.Equal((2 * Payments) + 1, run.GetProperty("steps").GetArrayLength());
        var paid = EffectsFile.Read(effects);
        Assert.Equal((Payments, Payments), (paid.Length, paid.Distinct().Count()));
        var thread = await client.GetFromJsonAsync<JsonElement>($"/api/v1/threads/{run.GetProperty("thread_id").GetString()}", patience.Token);
        Assert.Equal((2 * Payments) + 2, thread.GetProperty("messages").GetInt32());
        client.Dispose();
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
                var lost = approvals.GetProperty("data").EnumerateArray().Single(approval => approval.GetProperty("state").GetString() == "pending");
                var call = lost.GetProperty("id").GetString()!;
                var decision = EffectsFile.Read(effects).Contains(call) ? "reject" : "approve";
                using var decided = await client.PostAsJsonAsync($"/api/v1/runs/{id}/approvals", new { id = call, decision, reason = "it was paid" }, patience.Token);
                decided.EnsureSuccessStatusCode();
            }

            await Task.Delay(30, patience.Token);
        }
    }

    private async Task<HttpClient> StartAsync(ScriptedProvider provider)
    {
        var process = ProductProcess.Start("AgentSystem.AppHost",
        [
            .. EffectsFile.Environment(effects),
            ("AGENTSYSTEM_DATA", folder), ("AGENTSYSTEM_API_URL", "http://127.0.0.1:0"), ("AGENTSYSTEM_WEB_URL", "http://127.0.0.1:0"), ("AGENTSYSTEM_ADMIN_KEY", ApiFixture.Admin),
            ("Models__small__Provider", "openai"), ("Models__small__Model", "scripted"), ("Models__small__Endpoint", provider.Endpoint),
            ("Runs__Lease", "00:00:01"),
        ]);
        processes.Add(process);
        var (api, _) = await StandaloneRun.AddressesAsync(process);
        var client = new HttpClient { BaseAddress = api };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ApiFixture.Admin);
        return client;
    }

    private async Task KillAsync()
    {
        var postmaster = int.Parse(File.ReadLines(Path.Combine(folder, "postgres", "postmaster.pid")).First(), System.Globalization.CultureInfo.InvariantCulture);
        await processes[^1].SignalAsync("KILL");
        using var database = System.Diagnostics.Process.GetProcessById(postmaster);
        database.Kill();
        await TestProcess.GoneAsync(postmaster);
    }
}
