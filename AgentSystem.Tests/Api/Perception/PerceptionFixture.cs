using AgentSystem.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace AgentSystem.Tests.Api.Perception;

/// <summary>An API whose configured model sees, and whose transcriptions come from an endpoint of the test's own, on loopback.</summary>
public sealed class PerceptionFixture(TestPostgres postgres) : ApiFixture(postgres), IAsyncLifetime
{
    private WebApplication? endpoint;

    /// <summary>What the endpoint answers.</summary>
    public (int Status, string Body) Transcription { get; set; } = (200, """{"text":"hello from the tape"}""");

    /// <summary>What it was last sent: the model, and the file's name and length.</summary>
    public (string Model, string File, long Length, string Key)? Heard { get; private set; }

    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        endpoint = builder.Build();
        endpoint.Urls.Add("http://127.0.0.1:0");
        endpoint.MapPost("/v1/audio/transcriptions", async (HttpContext http) =>
        {
            var form = await http.Request.ReadFormAsync();
            Heard = (form["model"].ToString(), form.Files[0].FileName, form.Files[0].Length, http.Request.Headers.Authorization.ToString());
            return Results.Text(Transcription.Body, "application/json", statusCode: Transcription.Status);
        });
        await endpoint.StartAsync();
        await InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await endpoint!.DisposeAsync();
    }

    protected override void Configure(WebApplicationBuilder builder)
    {
        base.Configure(builder);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Perception:VisionModel"] = "small",
            ["Perception:TranscriptionModel"] = "whisper-1",
            ["Perception:TranscriptionEndpoint"] = endpoint!.Urls.First() + "/v1",
            ["Perception:TranscriptionApiKey"] = "secret-of-the-endpoint",
        });
    }
}
