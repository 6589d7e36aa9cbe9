using System.Text.Json;
using AgentSystem.Runtime.Pipeline;

namespace AgentSystem.Api.Http;

/// <summary>Writes a failure in the shape of the surface it happened on: OpenAI's envelope under <c>/v1</c>, RFC 9457 everywhere else.</summary>
internal static class ErrorAnswers
{
    /// <summary>Writes the failure as the whole answer. Does nothing when an answer has begun already.</summary>
    public static async Task WriteAsync(HttpContext context, RunFailure failure, CancellationToken cancellation)
    {
        if (context.Response.HasStarted)
        {
            return;
        }

        context.Response.StatusCode = failure.Status;
        if (failure.RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString();
        }

        if (failure.NeverRetry)
        {
            context.Response.Headers["x-should-retry"] = "false";
        }

        var openAI = context.Request.Path.StartsWithSegments("/v1");
        context.Response.ContentType = openAI ? "application/json" : "application/problem+json";
        var body = openAI ? Envelope(failure) : Problem(context, failure);
        await context.Response.Body.WriteAsync(body, cancellation);
    }

    /// <summary>OpenAI's error envelope.</summary>
    public static byte[] Envelope(RunFailure failure) => Json(json =>
    {
        json.WriteStartObject("error");
        json.WriteString("message", failure.Message);
        json.WriteString("type", failure.Type);
        json.WriteString("param", failure.Param);
        json.WriteString("code", failure.Code);
        json.WriteEndObject();
    });

    private static byte[] Problem(HttpContext context, RunFailure failure) => Json(json =>
    {
        json.WriteString("type", "urn:agentsystem:problem:" + failure.Code);
        json.WriteString("title", Title(failure.Status));
        json.WriteNumber("status", failure.Status);
        json.WriteString("detail", failure.Message);
        json.WriteString("code", failure.Code);
        if (failure.Param is not null)
        {
            json.WriteString("param", failure.Param);
        }

        json.WriteString("traceId", context.TraceIdentifier);
    });

    private static byte[] Json(Action<Utf8JsonWriter> members)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, JsonOutput.Writer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static string Title(int status) => status switch
    {
        400 => "Bad request",
        401 => "Not authenticated",
        403 => "Not allowed",
        404 => "Not found",
        405 => "Method not allowed",
        409 => "Conflict",
        412 => "Precondition failed",
        413 => "Too large",
        415 => "Unsupported media type",
        422 => "Cannot be processed",
        429 => "Too many requests",
        503 => "Not available",
        _ => status < 500 ? "Request failed" : "Server error",
    };
}
