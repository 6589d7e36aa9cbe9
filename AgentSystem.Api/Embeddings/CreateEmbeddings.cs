using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using AgentSystem.Api.Chat;
using AgentSystem.Api.Http;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Pipeline;

namespace AgentSystem.Api.Embeddings;

/// <summary><c>POST /v1/embeddings</c>.</summary>
internal static class CreateEmbeddings
{
    /// <summary>Reads the body, asks the model, writes the vectors.</summary>
    public static async Task Handle(HttpContext http, EmbeddingPipeline pipeline, TimeProvider time)
    {
        var received = time.GetTimestamp();
        var (request, refused) = EmbeddingRequestParser.Parse(await ReadAsync(http));
        if (request is null)
        {
            await ErrorAnswers.WriteAsync(http, refused!, http.RequestAborted);
            return;
        }

        var call = new EmbeddingCall(http.TraceIdentifier, http.Caller(), request.Model, request.Input, request.Dimensions, request.User, received);
        var result = await pipeline.RunAsync(call, http.RequestAborted);
        if (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        WriteHeaders(http.Response.Headers, call, result);
        if (result.Failure is { } failure)
        {
            await ErrorAnswers.WriteAsync(http, failure, http.RequestAborted);
            return;
        }

        await WriteAsync(http, request, result);
    }

    private static void WriteHeaders(IHeaderDictionary headers, EmbeddingCall call, EmbeddingResult result)
    {
        headers["x-agentsystem-model"] = result.Usage.Model;
        headers["x-agentsystem-cache"] = result.Usage.Cache;
        headers["x-agentsystem-cost-usd"] = AnswerHeaders.Cost(result.Usage);
        headers["x-agentsystem-attempts"] = result.Usage.Attempts.ToString(CultureInfo.InvariantCulture);
        headers["x-agentsystem-fallbacks"] = "0";
        headers["x-agentsystem-overhead-ms"] = result.Usage.OverheadMs.ToString("0.###", CultureInfo.InvariantCulture);
        AnswerHeaders.WriteBudget(headers, result.Usage);
        if (result.Limits is { } limits)
        {
            AnswerHeaders.WriteLimits(headers, call.Caller.Limits, limits);
        }
    }

    private static async Task WriteAsync(HttpContext http, EmbeddingRequest request, EmbeddingResult result)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, JsonOutput.Writer))
        {
            json.WriteStartObject();
            json.WriteString("object", "list");
            json.WriteStartArray("data");
            for (var index = 0; index < result.Vectors.Count; index++)
            {
                json.WriteStartObject();
                json.WriteString("object", "embedding");
                json.WriteNumber("index", index);
                WriteVector(json, result.Vectors[index].Span, request.Base64);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("model", request.Model);
            json.WriteStartObject("usage");
            json.WriteNumber("prompt_tokens", result.Usage.InputTokens);
            json.WriteNumber("total_tokens", result.Usage.InputTokens);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        http.Response.ContentType = "application/json";
        http.Response.ContentLength = buffer.Length;
        await http.Response.Body.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), http.RequestAborted);
    }

    /// <summary>Numbers, or the bytes of 32-bit little-endian floats in base64, which is what OpenAI's own clients ask for.</summary>
    private static void WriteVector(Utf8JsonWriter json, ReadOnlySpan<float> vector, bool base64)
    {
        if (base64)
        {
            json.WriteBase64String("embedding", MemoryMarshal.AsBytes(vector));
            return;
        }

        json.WriteStartArray("embedding");
        foreach (var number in vector)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext http)
    {
        using var buffer = new MemoryStream((int)Math.Min(http.Request.ContentLength ?? 4096, BodyLimits.MaxBytes));
        await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }

    /// <summary>Maps it.</summary>
    public static void MapEmbeddings(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/embeddings", Handle).WithTags("OpenAI").WithName("CreateEmbeddings").WithSummary("Vectors of one or more texts")
            .Accepts<EmbeddingRequestBody>("application/json").Produces<EmbeddingList>().RequireAuthorization(Scopes.Chat);
}

/// <summary>The body as OpenAPI shows it; the parser is more lenient.</summary>
internal sealed record EmbeddingRequestBody(string Model, IReadOnlyList<string> Input, string? EncodingFormat, int? Dimensions, string? User);

/// <summary>The answer as OpenAPI shows it.</summary>
internal sealed record EmbeddingList(string Object, IReadOnlyList<EmbeddingItem> Data, string Model);

/// <summary>A vector as OpenAPI shows it.</summary>
internal sealed record EmbeddingItem(string Object, int Index, IReadOnlyList<float> Embedding);
