using System.Text.Json;
using AgentSystem.Tests.Harness;
using AgentSystem.Tests.ServiceDefaults.Inference;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static AgentSystem.Tests.ServiceDefaults.Inference.ScriptedEndpoint;

namespace AgentSystem.Tests.Api.Models;

/// <summary>The real API over its real models: an endpoint the test scripts behind <c>small</c>, one that nobody listens on behind <c>unused</c>, and the hashed vectors as <c>embed</c>.</summary>
public sealed class ModelsFixture(TestPostgres postgres) : ApiFixture(postgres), IAsyncLifetime
{
    /// <summary>The name the provider knows <c>small</c> by; no other test has it.</summary>
    public const string Upstream = "upstream-of-the-models-tests";

    private readonly ScriptedEndpoint endpoint = StartAsync().GetAwaiter().GetResult();

    internal ScriptedEndpoint Endpoint => endpoint;

    internal CapturedLogs Logs { get; } = new();

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeAsync();
        await endpoint.DisposeAsync();
    }

    protected override void Configure(WebApplicationBuilder builder)
    {
        endpoint.Otherwise = Answer;
        builder.Logging.AddProvider(Logs).SetMinimumLevel(LogLevel.Debug);
        builder.Services.PostConfigure<LoggerFilterOptions>(static filters => filters.Rules.Clear());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Models:small:Provider"] = "openai",
            ["Models:small:Endpoint"] = $"{endpoint.Address}/v1",
            ["Models:small:Model"] = Upstream,
            ["Models:small:InputUsdPerMillion"] = "1000000",
            ["Models:small:OutputUsdPerMillion"] = "2000000",
            ["Models:unused:Provider"] = "openai",
            ["Models:unused:Model"] = "unused",
            ["Models:unused:Endpoint"] = "http://127.0.0.1:9/v1",
            ["Models:unused:Fallbacks"] = "small",
            ["Models:narrow:Provider"] = "ollama",
            ["Models:narrow:Endpoint"] = endpoint.Address,
            ["Models:narrow:Model"] = Upstream,
            ["Models:narrow:RequestsPerMinute"] = "1",
            ["Resilience:BaseDelay"] = "00:00:00",
        });
    }

    /// <summary>Says the last message in upper case, streamed, and counts 5 tokens in and 2 out.</summary>
    private static Reply Answer(Asked asked)
    {
        var messages = asked.Json.GetProperty("messages");
        var content = messages[messages.GetArrayLength() - 1].GetProperty("content");
        var text = (content.ValueKind == JsonValueKind.String ? content.GetString()! : content[0].GetProperty("text").GetString()!).ToUpperInvariant();
        return asked.Json.TryGetProperty("stream", out var stream) && stream.GetBoolean()
            ? Reply.Stream(whole: true, Reply.Chunk(text), Reply.Chunk(null, "stop"), Reply.Usage)
            : new Reply(200, Hello);
    }
}

/// <summary>Keeps every line that any logger writes.</summary>
internal sealed class CapturedLogs : ILoggerProvider, ILogger
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<string> lines = new();

    public IEnumerable<string> Lines => lines;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull
    {
        lines.Enqueue($"{state}");
        return null;
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");

    public void Dispose()
    {
        // Nothing is held.
    }
}
