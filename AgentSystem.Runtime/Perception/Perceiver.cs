using System.Security.Cryptography;
using System.Text.Unicode;
using AgentSystem.Contracts.Perception;
using AgentSystem.Runtime.Perception.Audio;
using AgentSystem.Runtime.Perception.Images;
using AgentSystem.Runtime.Perception.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Perception;

/// <summary>Looks at parts: what they are, whether they may be decoded, what is known of them. Whatever is wrong with one part, the others go on.</summary>
public sealed partial class Perceiver : IDisposable
{
    private readonly PerceptionOptions options;
    private readonly PerceptionCache cache;
    private readonly PerceptionTelemetry telemetry;
    private readonly IModelSenses? senses;
    private readonly TimeProvider time;
    private readonly ILogger<Perceiver> log;
    private readonly SemaphoreSlim places;

    internal Perceiver(IOptions<PerceptionOptions> options, PerceptionCache cache, PerceptionTelemetry telemetry, IModelSenses? senses, TimeProvider time, ILogger<Perceiver> log)
    {
        (this.options, this.cache, this.telemetry, this.senses, this.time, this.log) = (options.Value, cache, telemetry, senses, time, log);
        places = new SemaphoreSlim(this.options.Workers);
    }

    /// <summary>Every part, in its order.</summary>
    public async Task<IReadOnlyList<SeenPart>> PerceiveAsync(PerceptionRequest request, IReadOnlyList<PartInput> parts, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(parts);
        var seen = new List<SeenPart>(parts.Count);
        for (var i = 0; i < parts.Count; i++)
        {
            seen.Add(await PerceiveAsync(request, i, parts[i], cancellation).ConfigureAwait(false));
        }

        return seen;
    }

    /// <summary>Frees the places.</summary>
    public void Dispose() => places.Dispose();

    private async Task<SeenPart> PerceiveAsync(PerceptionRequest request, int index, PartInput input, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        var (mediaType, problem) = Decide(input);
        var modality = mediaType is null ? input.Modality ?? "unknown" : MediaSniffer.Modality(mediaType)!;
        var blank = new PerceivedPart(
            index, input.Name, modality, PerceptionStatus.Processed, null, [], mediaType, input.Content.Length, Convert.ToHexStringLower(SHA256.HashData(input.Content.Span)), false, 0);
        var seen = problem is not null ? Refused(blank, problem) : await ProcessAsync(request, blank, input, cancellation).ConfigureAwait(false);
        var took = time.GetElapsedTime(began);
        telemetry.Seen(modality, seen.Part.Status, seen.Part.Cached, input.Content.Length, took);
        return seen with { Part = seen.Part with { Index = index, Name = input.Name, Milliseconds = Math.Round(took.TotalMilliseconds, 3) } };
    }

    private async Task<SeenPart> ProcessAsync(PerceptionRequest request, PerceivedPart part, PartInput input, CancellationToken cancellation)
    {
        var key = cache.Key(request.Tenant, part.Type, part.Sha256, request.Thumbnails, request.Ask is not null);
        if (cache.Find(key) is var (known, clean))
        {
            return new SeenPart(known with { Cached = true }, null, clean);
        }

        if (!await places.WaitAsync(options.MaxWait, cancellation).ConfigureAwait(false))
        {
            return Degraded(part, "Other parts are being looked at; send it again in a few seconds.", ReadOnlyMemory<byte>.Empty);
        }

        SeenPart seen;
        try
        {
            // Decoding is work for a processor: the thread that serves requests is given back meanwhile.
            seen = await Task.Run(() => Analyse(request, part, input, cancellation), cancellation).ConfigureAwait(false);
        }
        finally
        {
            places.Release();
        }

        if (seen.Problem is null && request.Ask is not null)
        {
            seen = await SenseAsync(request.Ask, seen, input, cancellation).ConfigureAwait(false);
        }

        // Dates in a text may be counted from now, and what fell short may be complete the next time.
        if (seen is { Problem: null, Part: { Status: PerceptionStatus.Processed, Type: not "text" } })
        {
            cache.Keep(key, seen.Part, seen.Clean.ToArray());
        }

        return seen;
    }

    private SeenPart Analyse(PerceptionRequest request, PerceivedPart part, PartInput input, CancellationToken cancellation)
    {
        try
        {
            switch (part.Type)
            {
                case "text":
                    return new SeenPart(part with { Text = TextAnalysis.Of(System.Text.Encoding.UTF8.GetString(input.Content.Span), time.GetUtcNow()) }, null, default);
                case "image":
                    var (image, clean, wrong) = ImageAnalysis.Of(input.Content, part.MediaType!, options, request.Thumbnails);
                    return image is null ? Refused(part, wrong!) : new SeenPart(part with { Image = image }, null, clean);
                default:
                    var (audio, missing, refused) = AudioAnalysis.Of(input.Content, part.MediaType!, options, cancellation);
                    var heard = part with { Audio = audio };
                    return audio is null ? Refused(part, refused!) : missing is null ? new SeenPart(heard, null, default) : Degraded(heard, missing, default);
            }
        }
        catch (Exception e) when (e is not (OperationCanceledException or OutOfMemoryException))
        {
            LogFailed(part.Type, part.MediaType, e.GetType().Name);
            return Degraded(part, $"The {part.Type} could not be looked at ({e.GetType().Name}); open it in another program and save it again.", default);
        }
    }

    private async Task<SeenPart> SenseAsync(PerceptionAsk ask, SeenPart seen, PartInput input, CancellationToken cancellation)
    {
        var part = seen.Part;
        if (part.Image is { } image)
        {
            var said = senses is null || options.VisionModel.Length == 0
                ? Sensed.Nothing("There is no description: the operator names the model that sees in Perception:VisionModel.")
                : await senses.DescribeAsync(ask, seen.Clean, image.Clean.MediaType, cancellation).ConfigureAwait(false);
            return said.Missing is { } why ? Degraded(part, why, seen.Clean) : seen with { Part = part with { Image = image with { Description = said.Description, Writing = said.Writing } } };
        }

        if (part.Audio is { } audio)
        {
            var said = senses is null || options.TranscriptionModel.Length == 0
                ? Sensed.Nothing("There is no transcript: the operator names the model that hears in Perception:TranscriptionModel.")
                : await senses.TranscribeAsync(ask, input.Content, part.MediaType!, cancellation).ConfigureAwait(false);
            return said.Missing is { } why ? Degraded(part, why, default) : seen with { Part = part with { Audio = audio with { Transcript = said.Description } } };
        }

        return seen;
    }

    /// <summary>What the part is, before any of it is decoded; or why it is refused.</summary>
    private (string? MediaType, PartProblem? Problem) Decide(PartInput input)
    {
        var content = input.Content.Span;
        if (content.IsEmpty)
        {
            return (null, PartProblem.Empty);
        }

        var found = MediaSniffer.Sniff(content) ?? (IsText(content) ? "text/plain" : null);
        if (input.Modality == "text" || (found == "text/plain" && input.MediaType is { } declared && MediaSniffer.Modality(declared) == "text"))
        {
            found = IsText(content) ? input.MediaType ?? "text/plain" : found;
        }

        if (found is null)
        {
            return (null, new PartProblem(415, "media_type_not_supported", "The part is neither a text in UTF-8 nor an image (PNG, JPEG, WebP, GIF, BMP) nor a sound (WAV, FLAC, Ogg, MP3)."));
        }

        var modality = MediaSniffer.Modality(found);
        if ((input.Modality is not null && input.Modality != modality) || !MediaSniffer.Agrees(input.MediaType, found))
        {
            return (null, new PartProblem(400, "media_type_mismatch", $"The part is said to be {input.MediaType ?? input.Modality} and is {found}; send it as what it is."));
        }

        var most = modality switch { "image" => options.MaxImageBytes, "audio" => options.MaxAudioBytes, _ => int.MaxValue };
        return content.Length > most ? (null, new PartProblem(413, $"{modality}_too_large", $"The {modality} has more than {most:N0} bytes; send a smaller one."))
            : modality == "text" && System.Text.Encoding.UTF8.GetCharCount(content) > options.MaxTextCharacters
            ? (null, new PartProblem(413, "text_too_long", $"The text has more than {options.MaxTextCharacters:N0} characters; send it in pieces."))
            : (found, null);
    }

    private static bool IsText(ReadOnlySpan<byte> content) => !content.Contains((byte)0) && Utf8.IsValid(content);

    private static SeenPart Refused(PerceivedPart part, PartProblem problem) => new(part with { Status = PerceptionStatus.Refused, Code = problem.Code, Reasons = [problem.Message] }, problem, default);

    private static SeenPart Degraded(PerceivedPart part, string why, ReadOnlyMemory<byte> clean) => new(part with { Status = PerceptionStatus.Degraded, Reasons = [.. part.Reasons, why] }, null, clean);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A part of type {Modality} ({MediaType}) could not be looked at: {Exception}")]
    private partial void LogFailed(string modality, string? mediaType, string exception);
}
