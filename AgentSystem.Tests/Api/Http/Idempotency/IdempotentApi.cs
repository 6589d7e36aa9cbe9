using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AgentSystem.Tests.Api.Http.Idempotency;

/// <summary>The API with short waits, so that a test that waits for one is not slow.</summary>
public sealed class IdempotentApi(TestPostgres postgres) : ApiFixture(postgres)
{
    public const string Header = "Idempotency-Key";
    public const string Chat = "/v1/chat/completions";

    /// <summary>A chat call nobody may answer from the cache: it asks for variety.</summary>
    public static string Question(string text, bool stream = false) =>
        $$"""{"model":"assistant","temperature":0.5,"stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"{{text}}"}]}""";

    /// <summary>Posts JSON under an idempotency key.</summary>
    public static async Task<HttpResponseMessage> PostAsync(HttpClient client, string path, string key, string body, CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = BadInputTests.Json(body) };
        request.Headers.TryAddWithoutValidation(Header, key);
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    public static bool IsReplayed(HttpResponseMessage answer) => answer.Headers.TryGetValues("Idempotency-Replayed", out var values) && values.Single() == "true";

    /// <summary>Times the model was asked this.</summary>
    public int Asked(string text) => Model.Asked.Count(asked => asked.Messages.Any(message => message.Text == text));

    /// <summary>Makes every open recording look as if its process had died an hour ago.</summary>
    public async Task SilenceAsync()
    {
        await using var silence = Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(
            "UPDATE agentsystem.recordings SET heartbeat_at = now() - interval '1 hour', owner = 'a process that died' WHERE state = 'open'");
        await silence.ExecuteNonQueryAsync();
    }

    protected override void Configure(WebApplicationBuilder builder)
    {
        base.Configure(builder);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Recordings:PollInterval"] = "00:00:00.050",
            ["Idempotency:MaxWait"] = "00:00:00.300",
        });
    }
}
