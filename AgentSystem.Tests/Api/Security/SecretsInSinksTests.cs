using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Security;
using AgentSystem.Contracts.Webhooks;
using AgentSystem.Runtime.Recordings;
using AgentSystem.Runtime.Security;
using AgentSystem.Tests.Api.Models;
using AgentSystem.Tests.Harness;
using AgentSystem.Tests.ServiceDefaults.Inference;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using static AgentSystem.Tests.ServiceDefaults.Inference.ScriptedEndpoint;

namespace AgentSystem.Tests.Api.Security;

/// <summary>
/// Marked secrets go in through every door; afterwards everything the platform keeps or tells is searched for them: every row of every table, every log line with its exception, every span and measurement,
/// every readable answer. Each is looked for as it is, in base64 and in hexadecimal.
/// </summary>
public sealed class SecretsInSinksTests(MarkedFixture api) : IClassFixture<MarkedFixture>
{
    private const string Prompt = "marked-prompt-81c5e0 about nothing";

    [Fact]
    public async Task Secrets_ThroughEveryDoor_StandInNoSink()
    {
        var spans = new ConcurrentQueue<string>();
        using var traces = Traces(spans);
        using var measured = Measurements(spans);
        using var client = api.Client();
        using var once = api.Client();
        once.DefaultRequestHeaders.Add("Idempotency-Key", "marked-key-1");

        var key = (await ReadAsync<CreatedKey>(await once.PostAsJsonAsync("/api/v1/keys", new CreateKey("marked", [Scopes.Chat, Scopes.Admin]), PlatformJson.Options))).Key;
        var hook = (await ReadAsync<CreatedWebhook>(await once.PostAsJsonAsync("/api/v1/webhooks", new { url = "https://example.com/hook" }))).Secret;
        using var again = await once.PostAsJsonAsync("/api/v1/keys", new CreateKey("marked", [Scopes.Chat, Scopes.Admin]), PlatformJson.Options);
        Assert.DoesNotContain(key, await again.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        foreach (var model in new[] { "assistant", "model:dead", "model:refusing" })
        {
            using var asking = api.Client(key);
            using var answer = await asking.PostAsJsonAsync("/v1/chat/completions", new { model, messages = new[] { new { role = "user", content = Prompt } } });
            Assert.DoesNotContain(MarkedFixture.ProviderKey, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        await once.PostAsJsonAsync("/v1/chat/completions", new { model = "model:small", messages = new[] { new { role = "user", content = Prompt } } });
        using var stored = await client.PostAsJsonAsync("/v1/responses", new { model = "model:small", input = Prompt, store = true, stream = true });
        Assert.Contains(Prompt.ToUpperInvariant(), await stored.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var replayed = await once.PostAsJsonAsync("/v1/chat/completions", new { model = "model:small", messages = new[] { new { role = "user", content = Prompt } } });
        Assert.Equal("true", Assert.Single(replayed.Headers.GetValues("Idempotency-Replayed")));
        Assert.Contains(Prompt.ToUpperInvariant(), await replayed.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        Assert.Contains(api.Endpoint.Requests, static asked => asked.Headers["Authorization"].EndsWith(MarkedFixture.ProviderKey, StringComparison.Ordinal));
        using var wrong = api.Client("as-marked-wrong-key-55e1f2a9c0d34b7788aa");
        using var refused = await wrong.GetAsync("/api/v1/agents");

        var sinks = new List<(string Name, string Text)> { ("logs", string.Join('\n', api.Logs.Lines)), ("telemetry", string.Join('\n', spans)), ("database", await DumpAsync()), ("recorded answers", await RecordedAsync()) };
        foreach (var path in await PathsAsync(client))
        {
            using var answer = await client.GetAsync(path);
            sinks.Add((path, await answer.Content.ReadAsStringAsync() + answer.Headers));
        }

        Assert.All(new[] { "logs", "telemetry", "database" }, name => Assert.NotEmpty(sinks.Single(sink => sink.Name == name).Text));
        Assert.True(sinks.Count > 25, $"{sinks.Count} sinks");
        (string Name, string Secret)[] secrets =
        [
            ("provider key", MarkedFixture.ProviderKey), ("root key", MarkedFixture.RootKey), ("root key's digits", Convert.ToHexString(new RootKey(MarkedFixture.RootKey).DeriveOwn("key-wrapping"))), ("admin key", ApiFixture.Admin), ("API key", key), ("webhook secret", hook["whsec_".Length..]), ("wrong key", "as-marked-wrong-key-55e1f2a9c0d34b7788aa"),
            ("prompt", Prompt), ("answer", Prompt.ToUpperInvariant()),
        ];
        // Recorded answers are sealed, and hold what was asked and answered; secrets that are shown once they hold not even for whoever opens them.
        Assert.Contains(Prompt.ToUpperInvariant(), sinks.Single(static sink => sink.Name == "recorded answers").Text, StringComparison.Ordinal);
        // The list of kept responses gives their inputs and outputs to whoever made them.
        string[] giveContent = ["recorded answers", "/api/v1/responses"];
        Assert.All(secrets, secret => Assert.All(sinks.Where(sink => !giveContent.Contains(sink.Name) || secret.Name is not ("prompt" or "answer")), sink => Assert.False(Forms(secret.Secret).Any(form => sink.Text.Contains(form, StringComparison.OrdinalIgnoreCase)), $"{secret.Name} in {sink.Name}")));
    }

    /// <summary>Every recorded answer, opened.</summary>
    private async Task<string> RecordedAsync()
    {
        await using var source = NpgsqlDataSource.Create(api.Connection);
        await using var list = source.CreateCommand("SELECT tenant_id, id FROM agentsystem.recordings WHERE events > 0");
        await using var rows = await list.ExecuteReaderAsync();
        var text = new StringBuilder();
        while (await rows.ReadAsync())
        {
            var page = await api.Services.GetRequiredService<IRecordingStore>().ReadAsync(new RecordingKey(rows.GetString(0), rows.GetString(1)), 0, default);
            text.AppendJoin('\n', page!.Events.Select(static part => Encoding.UTF8.GetString(part.Span)));
        }

        return text.ToString();
    }

    private static string[] Forms(string secret) => [secret, Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)).TrimEnd('='), Convert.ToHexString(Encoding.UTF8.GetBytes(secret))];

    private static async Task<T> ReadAsync<T>(HttpResponseMessage answer)
    {
        using (answer)
        {
            return (await answer.Content.ReadFromJsonAsync<T>(PlatformJson.Options))!;
        }
    }

    /// <summary>Everything that can be read without knowing an id, and the pages of health.</summary>
    private static async Task<IReadOnlyList<string>> PathsAsync(HttpClient client)
    {
        using var document = JsonDocument.Parse(await client.GetStringAsync("/openapi/v1.json"));
        return
        [
            .. document.RootElement.GetProperty("paths").EnumerateObject().Where(static path => path.Value.TryGetProperty("get", out _) && !path.Name.Contains('{', StringComparison.Ordinal)).Select(static path => path.Name),
            "/alive", "/health", "/ready", "/metrics", "/openapi/v1.json",
        ];
    }

    /// <summary>Every row of every table as text, read by the owner, whom row security does not bind.</summary>
    private async Task<string> DumpAsync()
    {
        await using var source = NpgsqlDataSource.Create(api.Connection);
        var tables = new List<string>();
        await using (var list = source.CreateCommand("SELECT format('%I.%I', table_schema, table_name) FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')"))
        await using (var reader = await list.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                tables.Add(reader.GetString(0));
            }
        }

        var dump = new StringBuilder();
        foreach (var table in tables)
        {
            await using var rows = source.CreateCommand($"SELECT row_to_json(r)::text FROM {table} AS r");
            await using var reader = await rows.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                dump.Append(table).Append(' ').AppendLine(reader.GetString(0));
            }
        }

        return dump.ToString();
    }

    private static ActivityListener Traces(ConcurrentQueue<string> kept)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = static _ => true,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => kept.Enqueue($"{span.DisplayName} {span.StatusDescription} {string.Join(' ', span.TagObjects)} {string.Join(' ', span.Baggage)} {string.Join(' ', span.Events.SelectMany(static one => one.Tags.Select(static tag => $"{tag}")))}"),
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private static MeterListener Measurements(ConcurrentQueue<string> kept)
    {
        var listener = new MeterListener { InstrumentPublished = static (instrument, listening) => listening.EnableMeasurementEvents(instrument) };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => kept.Enqueue($"{instrument.Name} {string.Join(' ', tags.ToArray())}"));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => kept.Enqueue($"{instrument.Name} {string.Join(' ', tags.ToArray())}"));
        listener.Start();
        return listener;
    }
}

/// <summary>The real API over a provider whose key is marked, one nobody listens on and one that refuses, with every log line kept.</summary>
public sealed class MarkedFixture(TestPostgres postgres) : ApiFixture(postgres), IAsyncLifetime
{
    public const string ProviderKey = "marked-provider-key-3b9d1f77e2";

    /// <summary>The root key that every fixture of the API is given.</summary>
    public const string RootKey = "a-root-key-for-tests-0123456789-0123456789";

    internal ScriptedEndpoint Endpoint { get; } = StartAsync().GetAwaiter().GetResult();

    internal CapturedLogs Logs { get; } = new();

    public string Connection { get; private set; } = "";

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeAsync();
        await Endpoint.DisposeAsync();
    }

    protected override void Configure(WebApplicationBuilder builder)
    {
        Connection = builder.Configuration["ConnectionStrings:postgres"]!;
        Endpoint.Otherwise = static asked => asked.Line.Contains("/refusing/", StringComparison.Ordinal)
            ? new Reply(401, $$$"""{"error":{"message":"Incorrect API key provided: {{{ProviderKey}}}","type":"invalid_request_error","code":"invalid_api_key"}}""")
            : Answer(asked);
        builder.Logging.AddProvider(Logs).SetMinimumLevel(LogLevel.Trace);
        builder.Services.PostConfigure<LoggerFilterOptions>(static filters => filters.Rules.Clear());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Models:small:Provider"] = "openai", ["Models:small:Endpoint"] = $"{Endpoint.Address}/v1", ["Models:small:Model"] = "m", ["Models:small:ApiKey"] = ProviderKey,
            ["Models:refusing:Provider"] = "openai", ["Models:refusing:Endpoint"] = $"{Endpoint.Address}/refusing/v1", ["Models:refusing:Model"] = "m", ["Models:refusing:ApiKey"] = ProviderKey,
            ["Models:dead:Provider"] = "openai", ["Models:dead:Endpoint"] = "http://127.0.0.1:9/v1", ["Models:dead:Model"] = "m", ["Models:dead:ApiKey"] = ProviderKey,
            ["Resilience:BaseDelay"] = "00:00:00",
        });
    }

    /// <summary>Says the last text in upper case.</summary>
    private static Reply Answer(Asked asked)
    {
        var messages = asked.Json.GetProperty("messages");
        var content = messages[messages.GetArrayLength() - 1].GetProperty("content");
        var text = (content.ValueKind == JsonValueKind.String ? content.GetString()! : content[0].GetProperty("text").GetString()!).ToUpperInvariant();
        return Reply.Stream(whole: true, Reply.Chunk(text), Reply.Chunk(null, "stop"), Reply.Usage);
    }
}
