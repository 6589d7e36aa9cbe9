using System.Net.Http.Json;
using System.Text.Json;
using AgentSystem.Contracts.Roles;
using AgentSystem.Runtime.Mesh;
using AgentSystem.Runtime.Mesh.Grpc;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSystem.Tests.EndToEnd.Mesh;

/// <summary>A first day with every role a process of its own: what answers in one process answers over six, and what is killed is missed, said, and found again.</summary>
public sealed class RolesEndToEndTests(RoleProcesses roles) : IClassFixture<RoleProcesses>
{
    [Fact]
    public async Task Chat_OverEveryRole_CalculatesRemembersAndRecallsForItsUserAlone()
    {
        Assert.Contains("391", (await roles.AskAsync("What is 17 times 23?")).Text, StringComparison.Ordinal);

        await roles.AskAsync("Remember that my sister's birthday is 4 May");

        Assert.Contains("4 May", (await roles.AskAsync("When is my sister's birthday?")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("4 May", (await roles.AskAsync("When is my sister's birthday?", "u2")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_Streamed_StaysAStreamWithItsUsage()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = JsonContent.Create(new { model = "assistant", user = "u1", stream = true, stream_options = new { include_usage = true }, messages = new[] { new { role = "user", content = "What is 12 times 12?" } } }),
        };
        using var answer = await roles.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        var events = (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(static line => line.StartsWith("data: {", StringComparison.Ordinal))
            .Select(static line => JsonSerializer.Deserialize<JsonElement>(line["data: ".Length..])).ToList();

        var pieces = events.Where(static one => one.GetProperty("choices").GetArrayLength() > 0)
            .Select(static one => one.GetProperty("choices")[0].GetProperty("delta")).Where(static delta => delta.TryGetProperty("content", out var text) && text.GetString()?.Length > 0).ToList();
        Assert.Contains("144", string.Concat(pieces.Select(static delta => delta.GetProperty("content").GetString())), StringComparison.Ordinal);
        Assert.True(pieces.Count > 1, "The answer came in one piece.");
        Assert.True(events[^1].GetProperty("usage").GetProperty("completion_tokens").GetInt32() > 0);
    }

    [Fact]
    public async Task Chat_OnAThread_KeepsTheToolCallsThatAnotherProcessMade()
    {
        using var answer = await roles.Client.PostAsJsonAsync(
            "/v1/chat/completions", new { model = "assistant", messages = new[] { new { role = "user", content = "What is 6 times 7?" } }, metadata = new { thread_id = "new" } }, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();

        var messages = await roles.Client.GetFromJsonAsync<JsonElement>($"/api/v1/threads/{answer.Headers.GetValues("x-agentsystem-thread").Single()}/messages", TestContext.Current.CancellationToken);

        Assert.Equal(["user", "assistant", "tool", "assistant"], messages.GetProperty("data").EnumerateArray().Select(static message => message.GetProperty("role").GetString()));
    }

    [Fact]
    public async Task Run_ClaimedByTheReasoningProcess_EndsWithTheAnswerOfTheOthers()
    {
        using var begun = await roles.Client.PostAsJsonAsync("/api/v1/runs", new { agent = "assistant", input = "What is 17 times 23?" }, TestContext.Current.CancellationToken);
        begun.EnsureSuccessStatusCode();
        var id = (await begun.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("id").GetString();

        JsonElement run;
        do
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
            run = await roles.Client.GetFromJsonAsync<JsonElement>($"/api/v1/runs/{id}", TestContext.Current.CancellationToken);
        }
        while (run.GetProperty("status").GetString() is "pending" or "running");

        Assert.Equal("success", run.GetProperty("status").GetString());
        Assert.Contains("391", run.GetProperty("output").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RoleNames.Reasoning, "KILL", "What is 17 times 24?", "408")]
    [InlineData(RoleNames.Inference, "KILL", "What is 17 times 25?", "425")]
    [InlineData(RoleNames.Reasoning, "TERM", "What is 17 times 26?", "442")]
    public async Task Chat_WhileARoleIsAway_IsRefusedWithARetryHintAndAnswersWhenItIsBack(string role, string signal, string question, string expected)
    {
        await roles.EndAsync(role, signal);
        try
        {
            // Not asked before: an answer from the cache needs no role.
            var (status, code) = await roles.AskAsync(question);

            Assert.Equal((503, "role_unavailable"), (status, code));
        }
        finally
        {
            await roles.StartAsync(role, role == RoleNames.Reasoning ? [RoleNames.Memory, RoleNames.Tools, RoleNames.Inference] : []);
        }

        await AnswersAsync(question, expected);
    }

    [Fact]
    public async Task Chat_WithoutTheMemory_GoesOnWithoutIt()
    {
        await roles.EndAsync(RoleNames.Memory, "KILL");
        try
        {
            Assert.Equal(200, (await roles.AskAsync("What is my locker code?", "u3")).Status);
            Assert.Contains("391", (await roles.AskAsync("What is 17 times 23?", "u3")).Text, StringComparison.Ordinal);
        }
        finally
        {
            await roles.StartAsync(RoleNames.Memory);
        }

        // What could not be remembered was said to be so; it is said again until it is.
        await AnswersAsync("What is my locker code?", "7731", "u3", "Remember that my locker code is 7731");
    }

    [Fact]
    public async Task Breakers_OfTheGateway_ShowTheProcessesItCalls()
    {
        await roles.AskAsync("What is 2 times 3?");

        var breakers = await roles.Client.GetFromJsonAsync<JsonElement>("/api/v1/breakers", TestContext.Current.CancellationToken);

        var reasoning = breakers.GetProperty("data").EnumerateArray().Single(static breaker => breaker.GetProperty("kind").GetString() == "role");
        Assert.Equal($"reasoning@{new Uri(roles.AddressOf(RoleNames.Reasoning)).Authority}", reasoning.GetProperty("name").GetString());
        Assert.True(reasoning.GetProperty("calls").GetInt32() > 0);
    }

    [Fact]
    public async Task Status_OfMonitoringAndControl_SaysWhatTheProcessServes()
    {
        await using var services = Gateway(roles);

        var monitoring = await services.GetRequiredService<IMonitoringService>().StatusAsync(new RoleStatusRequest(), TestContext.Current.CancellationToken);
        var control = await services.GetRequiredService<IControlService>().StatusAsync(new RoleStatusRequest(), TestContext.Current.CancellationToken);

        Assert.Equal(["monitoring"], monitoring.Roles);
        Assert.Equal(["control"], control.Roles);
        Assert.Equal((1, false), (control.Calls, control.IsEnding));
    }

    private static ServiceProvider Gateway(RoleProcesses roles)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Services:monitoring"] = roles.AddressOf(RoleNames.Monitoring), ["Services:control"] = roles.AddressOf(RoleNames.Control), ["Roles:Tls:Folder"] = roles.Folder,
        }).Build();
        var plan = MeshPlan.OfGateway(settings);
        return new ServiceCollection().AddSingleton<IConfiguration>(settings).AddMesh(plan, 1)
            .AddRole<IMonitoringService, MonitoringRole>(plan, RoleNames.Monitoring).AddRole<IControlService, ControlRole>(plan, RoleNames.Control).BuildServiceProvider();
    }

    /// <summary>A process that is back is found when its pause is over.</summary>
    private async Task AnswersAsync(string question, string expected, string user = "u1", string? before = null)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            if (before is not null)
            {
                await roles.AskAsync(before, user);
            }

            var (status, text) = await roles.AskAsync(question, user);
            if (status == 200 && text.Contains(expected, StringComparison.Ordinal))
            {
                return;
            }

            Assert.True(!patience.IsCancellationRequested, $"The last answer was {status} {text}.");
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
    }
}
