using System.ClientModel;
using System.ClientModel.Primitives;
using System.Globalization;
using System.Net;
using System.Text.Json;
using AgentSystem.Contracts.Models;

namespace AgentSystem.ServiceDefaults.Inference.OpenAI;

/// <summary>What a provider can say about an error beyond its status.</summary>
internal interface IProviderAdvice
{
    /// <summary>One sentence with the cure, or null.</summary>
    ValueTask<string?> OnStatusAsync(int status, CancellationToken cancellation);
}

/// <summary>Says the vendor client's failures as <see cref="HttpRequestException"/>, so that nobody further up needs to know the vendor.</summary>
internal sealed class ProviderErrors(IProviderAdvice? advice)
{
    /// <summary>True for what the vendor's client throws when an endpoint does not keep to the protocol or refuses.</summary>
    public static bool IsExpected(Exception error) =>
        error is ClientResultException or JsonException or KeyNotFoundException or FormatException
        || (error is InvalidOperationException and not ObjectDisposedException && error.Source?.StartsWith("System.Text.Json", StringComparison.Ordinal) == true);

    /// <summary>The failure in our words.</summary>
    public async ValueTask<HttpRequestException> ReadAsync(Exception error, CancellationToken cancellation)
    {
        // Status 0 means that no answer came at all.
        if (error is not ClientResultException { Status: > 0 and var status } refused)
        {
            return error is ClientResultException
                // Whether a connection was made at all decides whether the call can have cost anything.
                ? new HttpRequestException((error.InnerException as HttpRequestException)?.HttpRequestError ?? HttpRequestError.Unknown, "The endpoint gave no answer.", error)
                : new HttpRequestException("The endpoint's answer does not follow the protocol.");
        }

        var code = CodeOf(refused.GetRawResponse());
        var cure = advice is null ? null : await advice.OnStatusAsync(status, cancellation).ConfigureAwait(false);
        return new ProviderException(
            $"The endpoint answered with status {status}{(code is null ? "" : $" ({code})")}.",
            (HttpStatusCode)status,
            Pause(refused.GetRawResponse()?.Headers),
            cure,
            tooLong: code == "context_length_exceeded");
    }

    /// <summary>The provider's short code, and only if it looks like one: anything longer could be somebody's words.</summary>
    private static string? CodeOf(PipelineResponse? response)
    {
        try
        {
            using var document = JsonDocument.Parse(response?.Content.ToMemory() ?? default);
            var error = document.RootElement.GetProperty("error");
            var code = error.ValueKind == JsonValueKind.Object && error.TryGetProperty("code", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString() : null;
            return code is { Length: > 0 and <= 64 } && code.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.') ? code : null;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // An error page of a proxy is no JSON: there is no code to tell then.
            return null;
        }
    }

    /// <summary>Retry-After in seconds or as a date (counted from the answer's own Date), or in milliseconds as some providers have it.</summary>
    private static TimeSpan? Pause(PipelineResponseHeaders? headers)
    {
        if (headers is null)
        {
            return null;
        }

        if (headers.TryGetValue("retry-after-ms", out var text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds is >= 0 and < 86_400_000)
        {
            return TimeSpan.FromMilliseconds(milliseconds);
        }

        if (!headers.TryGetValue("Retry-After", out text))
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds))
        {
            return seconds is >= 0 and < 86_400 ? TimeSpan.FromSeconds(seconds) : null;
        }

        return headers.TryGetValue("Date", out var sent) && Date(sent) is { } from && Date(text) is { } until && until > from ? until - from : null;
    }

    private static DateTimeOffset? Date(string? text) =>
        DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : null;
}
