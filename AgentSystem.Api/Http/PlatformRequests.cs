using System.Text.Json;
using AgentSystem.Contracts.Json;
using AgentSystem.Runtime.Pipeline;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace AgentSystem.Api.Http;

/// <summary>What every request of the platform surface is, before a handler sees it: a query that can be kept, and a JSON body in UTF-8 that passes <see cref="RequestScan"/>.</summary>
internal static class PlatformRequests
{
    private const string Json = "application/json";
    private const string ContentType = "Content-Type";

    private static readonly JsonDocumentOptions NoTwice = new() { MaxDepth = PlatformJson.MaxDepth, AllowDuplicateProperties = false };

    private static RunFailure MissingBody { get; } = RunFailure.Invalid("missing_body", "The body is missing; send a JSON object.");

    /// <summary>Stands behind authorization, so that nobody without a key gets a body read.</summary>
    public static void UsePlatformRequests(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (context.Request.Path.StartsWithSegments("/api/v1") && (RefuseQuery(context.Request) ?? await RefuseBodyAsync(context)) is { } refused)
        {
            await ErrorAnswers.WriteAsync(context, refused, context.RequestAborted);
            return;
        }

        await next(context);
    });

    /// <summary>No store keeps U+0000, and no list holds a row with it.</summary>
    private static RunFailure? RefuseQuery(HttpRequest request)
    {
        if (request.QueryString.Value?.Contains("%00", StringComparison.Ordinal) != true)
        {
            return null;
        }

        foreach (var (name, values) in request.Query)
        {
            if (name.Contains('\0', StringComparison.Ordinal))
            {
                return RunFailure.Invalid("invalid_value", "The name of a query member holds the character U+0000; leave it out.");
            }

            if (values.Any(static value => value?.Contains('\0', StringComparison.Ordinal) == true))
            {
                return RunFailure.Invalid("invalid_value", $"\"{name}\" holds the character U+0000; leave it out.", JsonPlace.Shorten(name, JsonPlace.MaxShown));
            }
        }

        return null;
    }

    private static async Task<RunFailure?> RefuseBodyAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>() is not { IsOptional: false } accepted)
        {
            return null;
        }

        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == false)
        {
            return MissingBody;
        }

        if (RefuseType(context.Request.ContentType, accepted) is { } refused)
        {
            return refused;
        }

        return MediaTypeHeaderValue.Parse(context.Request.ContentType).MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase) ? await ScanAsync(context) : null;
    }

    private static RunFailure? RefuseType(string? sent, IAcceptsMetadata accepted)
    {
        var wanted = string.Join(" or ", accepted.ContentTypes);
        if (string.IsNullOrEmpty(sent))
        {
            return Unsupported($"The header Content-Type is missing; say what the body is: {wanted}.");
        }

        if (!MediaTypeHeaderValue.TryParse(sent, out var type) || !accepted.ContentTypes.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase))
        {
            return Unsupported($"The Content-Type is none this path reads; send {wanted}.");
        }

        var charset = HeaderUtilities.RemoveQuotes(type.Charset);
        return !charset.HasValue || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || !type.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase)
            ? null
            : Unsupported("The Content-Type names a charset other than utf-8; JSON is sent in UTF-8, and the charset can be left out.");
    }

    private static async Task<RunFailure?> ScanAsync(HttpContext context)
    {
        var all = new MemoryStream((int)Math.Min(context.Request.ContentLength ?? 4096, BodyLimits.MaxBytes));
        await context.Request.Body.CopyToAsync(all, context.RequestAborted);
        var body = WithoutMark(all.GetBuffer().AsMemory(0, (int)all.Length));
        var content = body.Trim(" \t\r\n"u8);
        if (content.IsEmpty || content.Span.SequenceEqual("null"u8))
        {
            return MissingBody;
        }

        var mayHoldParts = context.GetEndpoint()?.Metadata.GetMetadata<HoldsParts>() is not null;
        if (RequestScan.Check(body.Span, mayHoldParts: mayHoldParts) is { } refused)
        {
            return refused;
        }

        if (content.Span[0] != (byte)'{')
        {
            return RunFailure.Invalid("invalid_json", "The body must be a JSON object.");
        }

        if (RefuseTwice(body) is { } twice)
        {
            return twice;
        }

        // The charset was looked at; the framework trips over one in quotes.
        context.Request.ContentType = Json;
        context.Request.Body = new MemoryStream(all.GetBuffer(), (int)all.Length - body.Length, body.Length, writable: false);
        return null;
    }

    /// <summary>Before the serializer, which meets a member twice in a free object with an exception that is none of JSON's.</summary>
    private static RunFailure? RefuseTwice(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, NoTwice);
            return null;
        }
        catch (JsonException e)
        {
            return WrongJson.Read(e);
        }
    }

    /// <summary>Some senders put a byte order mark before UTF-8 (RFC 8259 lets a reader ignore it).</summary>
    private static Memory<byte> WithoutMark(Memory<byte> body) => body.Span.StartsWith("\uFEFF"u8) ? body["\uFEFF"u8.Length..] : body;

    private static RunFailure Unsupported(string message) => new(415, "invalid_request_error", "unsupported_media_type", message, ContentType);
}

/// <summary>Marks an endpoint whose JSON body carries media in <c>parts</c>, which may be longer than a text.</summary>
internal sealed class HoldsParts
{
    public static HoldsParts Mark { get; } = new();
}
