using System.Text.Json;
using AgentSystem.Api.Http;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Threads;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Threads;
using Microsoft.Net.Http.Headers;

namespace AgentSystem.Api.Threads;

/// <summary><c>GET /api/v1/threads/{id}/export</c>: a <see cref="ThreadExport"/> as a file, written page by page so that a long thread is never whole in memory.</summary>
internal static class ExportThread
{
    private const int PageSize = 200;

    public static async Task Handle(string id, HttpContext http, IThreadStore threads, TimeProvider time, CancellationToken cancellation)
    {
        var scope = ThreadAccess.Of(http.Caller());
        if (await threads.FindAsync(scope, id, cancellation) is not { } thread)
        {
            await ErrorAnswers.WriteAsync(http, ThreadFailures.NotFound(id), cancellation);
            return;
        }

        http.Response.ContentType = "application/json";
        http.Response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = id + ".json" }.ToString();
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter, JsonOutput.Writer);
        json.WriteStartObject();
        json.WritePropertyName("thread");
        JsonSerializer.Serialize(json, thread, PlatformJson.Options);
        json.WriteStartArray("messages");
        for (var last = 0; last < thread.Messages;)
        {
            // What comes while the file is written is not part of it; a thread deleted meanwhile breaks the file off.
            var page = await threads.MessagesAsync(scope, id, new MessageQuery(NewestFirst: false, last, Math.Min(PageSize, thread.Messages - last)), cancellation);
            if (page is not { Count: > 0 })
            {
                http.Abort();
                return;
            }

            foreach (var message in page)
            {
                JsonSerializer.Serialize(json, message, PlatformJson.Options);
            }

            last = page[^1].Index;
            await json.FlushAsync(cancellation);
            await http.Response.BodyWriter.FlushAsync(cancellation);
        }

        json.WriteEndArray();
        json.WriteString("exported_at", time.GetUtcNow());
        json.WriteEndObject();
    }
}
