using System.Text;
using System.Text.Json;
using AgentSystem.Api.Http;
using AgentSystem.Contracts.Documents;
using AgentSystem.Contracts.Json;
using AgentSystem.Runtime.Pipeline;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace AgentSystem.Api.Documents;

/// <summary>What an upload says, whichever way it came.</summary>
internal sealed record UploadForm(string? Title, string? Agent, string? FileName, string? MediaType, ReadOnlyMemory<byte> Content)
{
    private const int MaxField = 4_096;
    private const int MaxParts = 10;

    /// <summary>What stands for bytes that are no UTF-8 once a header was read.</summary>
    private const char NotUtf8 = '\uFFFD';

    private static readonly string[] TextTypes = ["text/plain", "text/markdown", "text/html"];

    /// <summary>Where the content stood: what is wrong with it is told of this field.</summary>
    public string ContentField { get; init; } = "file";

    /// <summary>Reads the body, within the limit that Kestrel holds every body to.</summary>
    public static async Task<(UploadForm? Form, RunFailure? Failure)> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
        {
            return (null, Unsupported);
        }

        if (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
        {
            return await ReadJsonAsync(request, cancellation);
        }

        return type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase) ? await ReadPartsAsync(request, type, cancellation) : (null, Unsupported);
    }

    private static RunFailure Unsupported { get; } =
        new(415, "invalid_request_error", "unsupported_media_type", "Send a file as multipart/form-data with \"file\", \"title\" and \"agent\", or a text as application/json.");

    private static async Task<(UploadForm?, RunFailure?)> ReadJsonAsync(HttpRequest request, CancellationToken cancellation)
    {
        // Scanned already, like every JSON body of the platform surface.
        var bytes = await AllAsync(request.Body, cancellation);
        CreateDocument body;
        try
        {
            body = JsonSerializer.Deserialize<CreateDocument>(bytes.Span, PlatformJson.Options) ?? throw new JsonException("The body is the word null.");
        }
        catch (JsonException e)
        {
            // The last net names the member, as it does for every other body.
            throw new BadHttpRequestException("The body could not be read.", StatusCodes.Status400BadRequest, e);
        }

        var mediaType = body.MediaType ?? TextTypes[0];
        if (!TextTypes.Contains(mediaType))
        {
            return (null, RunFailure.Invalid("invalid_value", $"\"media_type\" must be one of {string.Join(", ", TextTypes)}; send a PDF as multipart/form-data.", "media_type"));
        }

        return string.IsNullOrWhiteSpace(body.Title)
            ? (null, RunFailure.Invalid("invalid_value", "\"title\" must not be empty.", "title"))
            : (new UploadForm(body.Title, NullIfBlank(body.Agent), null, mediaType, Encoding.UTF8.GetBytes(body.Text)) { ContentField = "text" }, null);
    }

    private static async Task<(UploadForm?, RunFailure?)> ReadPartsAsync(HttpRequest request, MediaTypeHeaderValue type, CancellationToken cancellation)
    {
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (string.IsNullOrEmpty(boundary))
        {
            return (null, Malformed("the Content-Type has no boundary"));
        }

        try
        {
            return await ReadPartsAsync(new MultipartReader(boundary, request.Body), cancellation);
        }
        catch (Exception e) when (e is InvalidDataException || (e is IOException and not BadHttpRequestException))
        {
            return (null, Malformed("a part is broken off or its headers are too long"));
        }
    }

    private static async Task<(UploadForm?, RunFailure?)> ReadPartsAsync(MultipartReader parts, CancellationToken cancellation)
    {
        var form = new UploadForm(null, null, null, null, default);
        var hasFile = false;
        for (var count = 0; await parts.ReadNextSectionAsync(cancellation) is { } part; count++)
        {
            if (count == MaxParts || !ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition))
            {
                return (null, Malformed(count == MaxParts ? $"it has more than {MaxParts} parts" : "a part has no Content-Disposition"));
            }

            var name = HeaderUtilities.RemoveQuotes(disposition.Name).Value;
            if (name is not ("file" or "title" or "agent"))
            {
                return (null, RunFailure.Invalid("unknown_field", "A part has a name that is not known here; the parts are \"file\", \"title\" and \"agent\".", name?.Length <= 64 ? name : null));
            }

            var content = await AllAsync(part.Body, cancellation);
            if (name == "file")
            {
                if (hasFile)
                {
                    return (null, RunFailure.Invalid("invalid_value", "There are two parts \"file\"; send one document at a time.", "file"));
                }

                if (NameOf(disposition)?.Contains(NotUtf8, StringComparison.Ordinal) == true)
                {
                    return (null, RunFailure.Invalid("invalid_value", "The name of the file is not valid UTF-8; rename the file, or send its name in UTF-8.", "file"));
                }

                hasFile = true;
                _ = MediaTypeHeaderValue.TryParse(part.ContentType, out var declared);
                form = form with { Content = content, FileName = NameOf(disposition), MediaType = declared?.MediaType.Value?.ToLowerInvariant() };
            }
            else if (content.Length > MaxField || !System.Text.Unicode.Utf8.IsValid(content.Span) || content.Span.Contains((byte)0))
            {
                return (null, RunFailure.Invalid("invalid_value", $"\"{name}\" must be UTF-8 text of at most {MaxField:N0} bytes, none of them zero.", name));
            }
            else
            {
                var text = NullIfBlank(Encoding.UTF8.GetString(content.Span));
                form = name == "title" ? form with { Title = text } : form with { Agent = text };
            }
        }

        return hasFile ? (form, null) : (null, RunFailure.Invalid("invalid_value", "The part \"file\" is missing.", "file"));
    }

    /// <summary>The name alone: some senders put a path before it.</summary>
    private static string? NameOf(ContentDispositionHeaderValue disposition)
    {
        var name = (disposition.FileNameStar.HasValue ? disposition.FileNameStar : HeaderUtilities.RemoveQuotes(disposition.FileName)).Value;
        return NullIfBlank(name?[(name.LastIndexOfAny(['/', '\\']) + 1)..]);
    }

    private static async Task<ReadOnlyMemory<byte>> AllAsync(Stream body, CancellationToken cancellation)
    {
        using var all = new MemoryStream();
        await body.CopyToAsync(all, cancellation);
        return all.GetBuffer().AsMemory(0, (int)all.Length);
    }

    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static RunFailure Malformed(string what) => RunFailure.Invalid("invalid_multipart", $"The body is not valid multipart/form-data: {what}.");
}
