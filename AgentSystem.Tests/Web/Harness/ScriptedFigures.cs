using AgentSystem.Contracts.Monitoring;
using AgentSystem.Contracts.Platform;
using AgentSystem.Contracts.Security;
using AgentSystem.Contracts.Usage;

namespace AgentSystem.Tests.Web.Harness;

/// <summary>What the scripted API tells.</summary>
internal static class ScriptedFigures
{
    private const int WindowMinutes = 60;
    private const int Recent = 12;

    /// <summary>The chunk that carries the receipt, as the contract words it.</summary>
    public static object LastChunk { get; } = new
    {
        choices = Array.Empty<object>(),
        usage = new { prompt_tokens = 118, completion_tokens = 14, total_tokens = 132 },
        agentsystem = new
        {
            agent = "assistant",
            instance = "api-1/0",
            model = "small",
            cache = "miss",
            cost_usd = 0.00042m,
            attempts = 1,
            overhead_ms = 3.4,
            request_id = "req_0001",
            quality = "passed",
            tools = new[] { new { name = "calculator", outcome = "success", duration_ms = 2.1 } },
            duration_ms = 1240.5,
            first_token_ms = 212.0,
        },
    };

    public static string[] Answer(string question) => question.Contains("list", StringComparison.Ordinal)
        ? ["Two ways:\n\n", "1. **By hand**: ", "17 × 20 + 17 × 3\n", "2. With `bc`:\n\n", "```\necho '17*23' | bc\n```\n", "\nBoth give 391. <b>Not bold</b>"]
        : ["17 times 23 ", "is ", "391", "."];

    public static SystemView System(DateTimeOffset now) => new(
        "0.1.0", "standalone", "Production", "api-1", ".NET 10.0.0, linux-x64", now.AddHours(-26), ["api", "workers", "console"],
        [new("postgres", "healthy", "17.6, 3 ms"), new("redis", "healthy", "embedded"), new("qdrant", "absent", "exact index in Postgres is used")],
        [
            new("Caching:Enabled", "true", "default", "Whether equal questions are answered from the cache."),
            new("Models:cloud:ApiKey", "***", "environment", "Key of the model's provider."),
            new("Database:MigrateOnStart", "true", "default", "Whether the host brings the schema up to date when it starts."),
            new("Egress:AllowedHosts", "", "default", "Hosts tools may reach beside public https ones."),
            new("Roles", "all", "command_line", "What this process serves."),
        ]);

    public static RequestUsage? Find(string id, DateTimeOffset now) =>
        Enumerable.Range(1, Recent).Select(index => Request(index, now)).FirstOrDefault(request => request.RequestId == id);

    public static Overview Overview(DateTimeOffset now, bool fresh)
    {
        var minute = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds() / 60 * 60);
        MinuteBucket[] minutes = fresh ? [] : [.. Enumerable.Range(0, WindowMinutes).Select(index => new MinuteBucket(minute.AddMinutes(-index), (index * 37 % 23) + (index < 20 ? 12 : 3), index % 9 == 4 ? 3 : 0))];
        ComponentHealth[] components =
        [
            new("postgres", "healthy", "17.6, 3 ms"),
            new("redis", "healthy", "embedded"),
            new("model small", "healthy", "onnx, 4 slots"),
            new("qdrant", "absent", "exact index in Postgres is used"),
        ];
        return new Overview(
            "api-1", "0.1.0", "standalone", now.AddHours(-26).AddMinutes(-4), WindowMinutes,
            Requests: minutes.Sum(static bucket => bucket.Requests),
            Errors: minutes.Sum(static bucket => bucket.Errors),
            InputTokens: fresh ? 0 : 148_210,
            OutputTokens: fresh ? 0 : 21_877,
            CostUsd: fresh ? 0 : 0.4127m,
            CacheHits: fresh ? 0 : 164,
            P50Ms: fresh ? null : 412.7,
            P95Ms: fresh ? null : 1830.2,
            FirstTokenP95Ms: fresh ? null : 308.4,
            SlotsInUse: fresh ? 0 : 3,
            SlotsTotal: 8,
            components,
            minutes,
            fresh ? [] : [.. Enumerable.Range(1, Recent).Select(index => Request(index, now))],
            [new("api-1", "serving", 8, 3, 0, now), new("workers-1", "draining", 4, 1, 2, now.AddSeconds(-4))]);
    }

    private static RequestUsage Request(int index, DateTimeOffset now)
    {
        var failed = index % 6 == 5;
        var hit = index % 4 == 3;
        ToolUse[] tools = index % 3 == 1 ? [new("calculator", "success", 2.1)] : index % 5 == 2 ? [new("recall", "success", 8.7), new("clock", "success", 0.6)] : [];
        return new RequestUsage(
            $"req_{index:0000}", Tenants.Default, "key_chat", index % 2 == 0 ? "u1" : null, "assistant", 3, "chat", "small", "api-1/0",
            now.AddSeconds(-17 * index), failed ? 429 : 200, failed ? "rate_limit_exceeded" : "success", hit ? "exact" : "miss", true,
            110 + (index * 3), failed ? 0 : 10 + index, hit || failed ? 0 : 0.00042m, hit ? 4.2 : 380 + (index * 61), failed ? null : 140 + (index * 7), 3.4, 1, "passed", tools,
            index == 1 ? ScriptedThreads.Known : null, index == 1 ? 1 : 0);
    }
}
