using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AgentSystem.Contracts.Roles;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.EndToEnd.Mesh;

/// <summary>The whole platform with every role a process of its own on loopback, the model that ships in the one of <c>inference</c>, and a gateway that has none of them.</summary>
public sealed class RoleProcesses(TestPostgres postgres) : IAsyncLifetime
{
    private const string Listening = "Now listening on: ";

    private readonly string folder = Path.Combine(Path.GetTempPath(), "agentsystem-mesh-" + Path.GetRandomFileName());
    private readonly Dictionary<string, TestProcess> processes = [];
    private readonly Dictionary<string, string> addresses = [];
    private string connection = "";

    /// <summary>A client of the gateway with the admin's key.</summary>
    public HttpClient Client { get; private set; } = null!;

    /// <summary>Where the development authority is.</summary>
    public string Folder => folder;

    /// <summary>Where a role is served.</summary>
    public string AddressOf(string role) => addresses[role];

    public async ValueTask InitializeAsync()
    {
        connection = await postgres.CreateDatabaseAsync();
        var gateway = BeginGateway();
        await Task.WhenAll(new[] { RoleNames.Memory, RoleNames.Inference, RoleNames.Monitoring, RoleNames.Control }.Select(role => StartAsync(role)));
        await StartAsync(RoleNames.Tools, RoleNames.Memory);
        await StartAsync(RoleNames.Reasoning, RoleNames.Memory, RoleNames.Tools, RoleNames.Inference);
        await gateway.DisposeAsync();
        await StartGatewayAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        foreach (var process in processes.Values)
        {
            await process.DisposeAsync();
        }

        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Ends a role's process: <c>KILL</c> in the middle of everything, <c>TERM</c> as an orchestrator does.</summary>
    internal async Task EndAsync(string role, string signal)
    {
        await processes[role].SignalAsync(signal);
        await processes[role].ExitAsync();
    }

    /// <summary>Starts a role's process, again on its old address.</summary>
    /// <param name="role">The role.</param>
    /// <param name="needs">Roles it calls elsewhere.</param>
    internal async Task StartAsync(string role, params string[] needs)
    {
        var process = ProductProcess.Start("AgentSystem.Workers",
        [
            .. Common(needs),
            ("ASPNETCORE_URLS", "http://127.0.0.1:0"), ("Roles", role), ("Roles__Serve__Url", addresses.GetValueOrDefault(role, "https://127.0.0.1:0")), ("Runs__Poll", "00:00:00.2"),
        ]);
        lock (processes)
        {
            processes[role] = process;
        }

        var health = await AddressAsync(process, "http://");
        var address = await AddressAsync(process, "https://");
        lock (processes)
        {
            addresses[role] = address;
        }

        if (role is not (RoleNames.Memory or RoleNames.Tools))
        {
            await ReadyAsync(health);
        }
    }

    /// <summary>Asks an agent and gives its answer, or the status and code of its refusal.</summary>
    internal async Task<(int Status, string Text)> AskAsync(string question, string user = "u1")
    {
        using var answer = await Client.PostAsJsonAsync("/v1/chat/completions", new { model = "assistant", user, messages = new[] { new { role = "user", content = question } } }, TestContext.Current.CancellationToken);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, answer.IsSuccessStatusCode
            ? body.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!
            : body.GetProperty("error").GetProperty("code").GetString()!);
    }

    /// <summary>What a process said.</summary>
    internal string Story(string role) => processes[role].Story();

    private static async Task<string> AddressAsync(TestProcess process, string scheme)
    {
        var line = await process.LineAsync(line => line.Contains(Listening + scheme, StringComparison.Ordinal));
        return line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..].Trim();
    }

    private static async Task ReadyAsync(string health)
    {
        using var http = new HttpClient { BaseAddress = new Uri(health) };
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            using var ready = await http.GetAsync("/ready", patience.Token);
            if (ready.IsSuccessStatusCode)
            {
                return;
            }

            await Task.Delay(50, patience.Token);
        }
    }

    private async Task StartGatewayAsync()
    {
        var process = ProductProcess.Start("AgentSystem.Api",
        [
            .. Common(RoleNames.Reasoning, RoleNames.Memory, RoleNames.Tools, RoleNames.Inference, RoleNames.Monitoring, RoleNames.Control),
            ("AGENTSYSTEM_API_URL", "http://127.0.0.1:0"), ("AGENTSYSTEM_ADMIN_KEY", ApiFixture.Admin), ("Runs__Concurrency", "0"),
        ]);
        processes["api"] = process;
        Client = new HttpClient { BaseAddress = new Uri(await AddressAsync(process, "http://")), Timeout = TimeSpan.FromMinutes(1) };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ApiFixture.Admin);
    }

    /// <summary>The gateway makes the tables, so it is started once before the roles; where they are it can be told only after them.</summary>
    private TestProcess BeginGateway() => ProductProcess.Start("AgentSystem.Api", [.. Common(), ("AGENTSYSTEM_API_URL", "http://127.0.0.1:0"), ("AGENTSYSTEM_ADMIN_KEY", ApiFixture.Admin)]);

    private IEnumerable<(string, string)> Common(params string[] needs) =>
    [
        ("AGENTSYSTEM_ROOT_KEY", "a-root-key-for-tests-0123456789-0123456789"), ("ConnectionStrings__postgres", connection), ("Roles__Tls__Folder", folder),
        .. needs.Select(role => ($"Services__{role}", addresses[role])),
    ];
}
