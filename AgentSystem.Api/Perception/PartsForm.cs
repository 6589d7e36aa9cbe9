using System.Text;
using System.Text.Json;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Perception;
using AgentSystem.Runtime.Perception;
using AgentSystem.Runtime.Pipeline;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace AgentSystem.Api.Perception;

/// <summary>The parts of a request, whichever way they came.</summary>
/// <param name="Places">Where each part stood, for messages.</param>
internal sealed record PartsForm(IReadOnlyList<PartInput> Inputs, IReadOnlyList<string> Places, bool Thumbnails, bool Describe)
{
    private const int MaxField = 1024 * 1024;
    private const int MaxName = 200;

    /// <summary>Reads the body, within the limit that Kestrel holds every body to.</summary>
    public static async Task<(PartsForm? Form, RunFailure? Failure)> ReadAsync(HttpRequest request, int most, CancellationToken cancellation)
    {
        var type = MediaTypeHeaderValue.Parse(request.ContentType);
        return type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            ? FromJson(await AllAsync(request.Body, cancellation), most)
            : await FromMultipartAsync(request.Body, HeaderUtilities.RemoveQuotes(type.Boundary).Value, most, cancellation);
    }

    private static (PartsForm?, RunFailure?) FromJson(ReadOnlyMemory<byte> bytes, int most)
    {
        Perceive body;
        try
        {
            body = JsonSerializer.Deserialize<Perceive>(bytes.Span, PlatformJson.Options) ?? throw new JsonException("The body is the word null.");
        }
        catch (JsonException e)
        {
            // The last net names the member, as it does for every other body.
            throw new BadHttpRequestException("The body could not be read.", StatusCodes.Status400BadRequest, e);
        }

        if (body.Parts.Count == 0 || body.Parts.Count > most)
        {
            return (null, RunFailure.Invalid("invalid_value", $"\"parts\" must hold 1 to {most} parts.", "parts"));
        }

        var inputs = new List<PartInput>(body.Parts.Count);
        for (var i = 0; i < body.Parts.Count; i++)
        {
            var (input, failure) = PartOfJson.Read(body.Parts[i], $"parts[{i}]");
            if (input is null)
            {
                return (null, failure);
            }

            inputs.Add(input);
        }

        return (new PartsForm(inputs, [.. inputs.Select(static (_, i) => $"parts[{i}]")], body.Thumbnails, body.Describe), null);
    }

    private static async Task<(PartsForm?, RunFailure?)> FromMultipartAsync(Stream body, string? boundary, int most, CancellationToken cancellation)
    {
        if (string.IsNullOrEmpty(boundary))
        {
            return (null, Malformed("the Content-Type has no boundary"));
        }

        try
        {
            return await FromMultipartAsync(new MultipartReader(boundary, body), most, cancellation);
        }
        catch (Exception e) when (e is InvalidDataException || (e is IOException and not BadHttpRequestException))
        {
            return (null, Malformed("a part is broken off or its headers are too long"));
        }
    }

    private static async Task<(PartsForm?, RunFailure?)> FromMultipartAsync(MultipartReader reader, int most, CancellationToken cancellation)
    {
        var (inputs, thumbnails, describe) = (new List<PartInput>(), false, false);
        for (var count = 0; await reader.ReadNextSectionAsync(cancellation) is { } part; count++)
        {
            if (count == most + 2 || !ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition))
            {
                return (null, Malformed(count == most + 2 ? $"it has more than {most} parts" : "a part has no Content-Disposition"));
            }

            var (name, content) = (HeaderUtilities.RemoveQuotes(disposition.Name).Value, await AllAsync(part.Body, cancellation));
            switch (name)
            {
                case "file":
                    _ = MediaTypeHeaderValue.TryParse(part.ContentType, out var declared);
                    inputs.Add(new PartInput(NameOf(disposition), null, declared?.MediaType.Value?.ToLowerInvariant(), content));
                    break;
                case "text" when content.Length <= MaxField:
                    inputs.Add(new PartInput(null, "text", null, content));
                    break;
                case "text":
                    return (null, new RunFailure(413, "invalid_request_error", "text_too_long", "\"text\" is longer than 1 MB; shorten it or split it.", "text"));
                case "thumbnails" or "describe" when Encoding.UTF8.GetString(content.Span) is var flag:
                    if (flag is not ("true" or "false"))
                    {
                        return (null, RunFailure.Invalid("invalid_value", $"\"{name}\" must be true or false.", name));
                    }

                    (thumbnails, describe) = name == "thumbnails" ? (flag == "true", describe) : (thumbnails, flag == "true");
                    break;
                default:
                    return (null, RunFailure.Invalid("unknown_field", "A part has a name that is not known here; the parts are \"file\", \"text\", \"thumbnails\" and \"describe\".", name?.Length <= 64 ? name : null));
            }
        }

        return inputs.Count == 0 || inputs.Count > most
            ? (null, RunFailure.Invalid("invalid_value", $"Send 1 to {most} parts \"file\" or \"text\".", "file"))
            : (new PartsForm(inputs, [.. inputs.Select(static input => input.Modality == "text" ? "text" : "file")], thumbnails, describe), null);
    }

    private static string? NameOf(ContentDispositionHeaderValue disposition)
    {
        var name = (disposition.FileNameStar.HasValue ? disposition.FileNameStar : HeaderUtilities.RemoveQuotes(disposition.FileName)).Value;
        name = name?[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        return string.IsNullOrWhiteSpace(name) ? null : name[..Math.Min(name.Length, MaxName)];
    }

    private static async Task<ReadOnlyMemory<byte>> AllAsync(Stream body, CancellationToken cancellation)
    {
        using var all = new MemoryStream();
        await body.CopyToAsync(all, cancellation);
        return all.GetBuffer().AsMemory(0, (int)all.Length);
    }

    private static RunFailure Malformed(string what) => RunFailure.Invalid("invalid_multipart", $"The body is not valid multipart/form-data: {what}.");
}
