using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using AgentSystem.Contracts.Budgets;
using AgentSystem.Contracts.Json;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Reliability;

/// <summary>
/// Three API processes, one budget, many requests at once, and kill -9 of one process while its calls are at the model: not a cent over.
/// <c>AGENTSYSTEM_BUDGET_REQUESTS=1000 dotnet run --project AgentSystem.Tests -- --filter-class "*BudgetKillTests"</c> is the long version.
/// </summary>
public sealed class BudgetKillTests(TestPostgres postgres)
{
    private const string Admin = "as-kill-test-admin-key-0123456789-0123456789";
    private const int MaxTokens = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static int Requests => int.TryParse(Environment.GetEnvironmentVariable("AGENTSYSTEM_BUDGET_REQUESTS"), NumberStyles.None, CultureInfo.InvariantCulture, out var requests) ? requests : 150;

    // A third of what all requests would cost if each cost the most, so that the limit is met while the first ones are still at the model.
    private static decimal LimitUsd => Math.Round(Requests * 0.16m / 3, 2);

    [Fact]
    public async Task ManyRequestsOverThreeProcesses_OneKilledInTheMiddle_ZeroCentsOver()
    {
        await using var model = await SellingModel.StartAsync();
        var database = await postgres.CreateDatabaseAsync();
        await using var first = Start(database, model);
        var addresses = new List<Uri> { await AddressAsync(first) };
        await using var victim = Start(database, model);
        await using var third = Start(database, model);
        addresses.AddRange(await Task.WhenAll(AddressAsync(victim), AddressAsync(third)));
        var budget = await BudgetAsync(addresses[0]);

        // The victim's first, so that some are at the model when it dies; then all the others at once. Nothing is answered yet, so what fits is at the model and the rest is refused.
        var half = Enumerable.Range(0, Requests / 2).ToList();
        var wave = half.Where(static i => i % 3 == 1).Select(i => TryAsync(addresses[1], Question(i))).ToList();
        await ArrivedAsync(model, Requests / 30);
        wave.AddRange(half.Where(static i => i % 3 != 1).Select(i => TryAsync(addresses[i % 3], Question(i))));
        await ArrivedAsync(model, Requests / 6);
        await victim.SignalAsync("KILL");
        await TestProcess.GoneAsync(victim.Id);
        model.Open();
        var outcomes = await Task.WhenAll(wave);
        var more = await Task.WhenAll(Enumerable.Range(Requests / 2, Requests - (Requests / 2)).Select(i => TryAsync(addresses[i % 2 == 0 ? 0 : 2], Question(i))));
        var settled = await SettledAsync(addresses[0], budget.Id);

        Assert.True(model.SoldUsd <= LimitUsd, $"{model.SoldUsd} USD were sold under a limit of {LimitUsd}");
        Assert.True(settled.SpentUsd <= LimitUsd, $"{settled.SpentUsd} USD are spent under a limit of {LimitUsd}");
        Assert.True(settled.SpentUsd > model.SoldUsd, $"{model.SoldUsd} USD were sold and {settled.SpentUsd} are spent: the calls of the killed process must be settled in full");
        Assert.Equal(0, settled.ReservedUsd);
        Assert.Contains((HttpStatusCode)0, outcomes);
        Assert.Contains(HttpStatusCode.OK, outcomes);
        Assert.Contains(HttpStatusCode.TooManyRequests, outcomes.Concat(more));
        Assert.DoesNotContain(outcomes.Concat(more), static status => status is not (0 or HttpStatusCode.OK or HttpStatusCode.TooManyRequests or HttpStatusCode.GatewayTimeout));
        TestContext.Current.TestOutputHelper?.WriteLine($"{Requests} requests, limit {LimitUsd} USD, sold {model.SoldUsd}, spent {settled.SpentUsd}.");
    }

    private static async Task ArrivedAsync(SellingModel model, int calls)
    {
        while (model.Questions.Count < calls)
        {
            Assert.True(await model.ArrivedAsync(Patience), "the model is not asked");
        }
    }

    private static string Question(int i) => $"question number {i.ToString("00000", CultureInfo.InvariantCulture)}";

    private static TestProcess Start(string database, SellingModel model)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var start = new ProcessStartInfo("dotnet", [Path.Combine(here.Parent!.Parent!.FullName, "AgentSystem.Api", here.Name, "AgentSystem.Api.dll")]) { WorkingDirectory = "/" };
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["AGENTSYSTEM_ADMIN_KEY"] = Admin,
            ["AGENTSYSTEM_ROOT_KEY"] = "a-root-key-for-kill-tests-0123456789-0123456789",
            ["AGENTSYSTEM_API_URL"] = "http://127.0.0.1:0",
            ["ConnectionStrings__postgres"] = database,
            ["Models__small__Provider"] = "openai",
            ["Models__small__Model"] = "m",
            ["Models__small__Endpoint"] = model.Address + "/v1",
            ["Models__small__InputUsdPerMillion"] = SellingModel.InputUsdPerMillion.ToString(CultureInfo.InvariantCulture),
            ["Models__small__OutputUsdPerMillion"] = SellingModel.OutputUsdPerMillion.ToString(CultureInfo.InvariantCulture),
            ["Routing__Slots"] = "2000",
            ["Budgets__Heartbeat"] = "00:00:01",
            ["Budgets__DeadAfter"] = "00:00:05",
        })
        {
            start.Environment[name] = value;
        }

        return TestProcess.Start(start);
    }

    private static async Task<Uri> AddressAsync(TestProcess process)
    {
        const string Label = "Now listening on: ";
        var line = await process.LineAsync(static line => line.Contains(Label, StringComparison.Ordinal));
        return new Uri(line[(line.IndexOf(Label, StringComparison.Ordinal) + Label.Length)..].Trim());
    }

    private static HttpClient Client(Uri address)
    {
        var client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(3) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Admin);
        return client;
    }

    private static async Task<BudgetView> BudgetAsync(Uri address)
    {
        using var client = Client(address);
        using var answer = await client.PostAsJsonAsync("/api/v1/budgets", new CreateBudget("tenant:default", LimitUsd, BudgetWindow.Total), PlatformJson.Options);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<BudgetView>(PlatformJson.Options))!;
    }

    /// <summary>The status, or 0 when the process was killed under the request.</summary>
    private static async Task<HttpStatusCode> TryAsync(Uri address, string question)
    {
        try
        {
            using var answer = await AskAsync(address, question);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }

    private static async Task<HttpResponseMessage> AskAsync(Uri address, string question)
    {
        using var client = Client(address);
        return await client.PostAsJsonAsync("/v1/chat/completions", new { model = "model:small", max_tokens = MaxTokens, messages = new[] { new { role = "user", content = question } } });
    }

    /// <summary>Within a minute nothing of the dead process is set aside any more.</summary>
    private static async Task<BudgetView> SettledAsync(Uri address, string id)
    {
        using var client = Client(address);
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var view = (await client.GetFromJsonAsync<BudgetView>("/api/v1/budgets/" + id, PlatformJson.Options))!;
            if (view.ReservedUsd == 0 || Stopwatch.GetElapsedTime(started) > Patience)
            {
                return view;
            }
        }
    }
}
