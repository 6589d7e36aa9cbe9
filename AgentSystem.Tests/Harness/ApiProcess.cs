using System.Net.Http.Headers;

namespace AgentSystem.Tests.Harness;

/// <summary>The API as a process of its own on a loopback port, with the models and tools a test gives it.</summary>
internal sealed class ApiProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";

    private ApiProcess(TestProcess process) => Process = process;

    public TestProcess Process { get; }

    /// <summary>A client with the admin's key. Patience is the caller's: an answer that never comes must be a failure of the test, not of the client.</summary>
    public HttpClient Client { get; private set; } = null!;

    /// <summary>Starts it without waiting until it listens.</summary>
    /// <param name="connection">Its database.</param>
    /// <param name="model">Endpoint of an OpenAI-compatible API; null: nobody answers there.</param>
    /// <param name="environment">More of its environment.</param>
    public static TestProcess Begin(string connection, string? model, params IEnumerable<(string Name, string Value)> environment) => ProductProcess.Start("AgentSystem.Api",
    [
        ("AGENTSYSTEM_API_URL", "http://127.0.0.1:0"), ("AGENTSYSTEM_ROOT_KEY", "a-root-key-for-tests-0123456789-0123456789"), ("AGENTSYSTEM_ADMIN_KEY", ApiFixture.Admin),
        ("ConnectionStrings__postgres", connection),
        ("Models__small__Provider", "openai"), ("Models__small__Model", "scripted"), ("Models__small__Endpoint", model ?? "http://127.0.0.1:9/v1"),
        .. environment,
    ]);

    /// <summary>Starts it and waits until it listens.</summary>
    public static async Task<ApiProcess> StartAsync(string connection, string? model, params IEnumerable<(string Name, string Value)> environment)
    {
        var api = new ApiProcess(Begin(connection, model, environment));
        var line = await api.Process.LineAsync(line => line.Contains(Listening, StringComparison.Ordinal));
        var address = line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..].Trim();
        api.Client = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromMinutes(2) };
        api.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ApiFixture.Admin);
        return api;
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        await Process.DisposeAsync();
    }
}
