using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AgentSystem.Contracts.Json;

namespace AgentSystem.Web.Clients.Chat;

/// <summary>Reads a streamed chat completion.</summary>
internal static class ChatStream
{
    private const string End = "[DONE]";
    private const string ThreadHeader = "x-agentsystem-thread";

    private static readonly JsonSerializerOptions Reading = new(PlatformJson.Options)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Skip,
        RespectRequiredConstructorParameters = false,
    };

    public static async IAsyncEnumerable<ChatEvent> OpenAsync(ApiTransport transport, ChatQuestion question, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var opened = await transport.OpenAsync("/v1/chat/completions", question, cancellation);
        if (!opened.IsSuccess)
        {
            yield return new ChatFailed(opened.Failure);
            yield break;
        }

        using var answer = opened.Value;
        yield return new ChatBegun(answer.Headers.TryGetValues(ThreadHeader, out var threads) ? threads.First() : null);
        await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
        await foreach (var happened in ReadAsync(body, cancellation))
        {
            yield return happened;
        }
    }

    /// <summary>Turns server-sent events into chat events. A stream that ends without its end mark is a failure, whatever came before.</summary>
    public static async IAsyncEnumerable<ChatEvent> ReadAsync(Stream body, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var seen = new Seen();
        await using var events = SseParser.Create(body).EnumerateAsync(cancellation).GetAsyncEnumerator(cancellation);
        while (true)
        {
            ChatEvent? happened;
            try
            {
                happened = await events.MoveNextAsync() ? seen.Take(events.Current.Data) : BrokenOff();
            }
            catch (Exception error) when (error is IOException or HttpRequestException)
            {
                happened = BrokenOff();
            }

            if (happened is not null)
            {
                yield return happened;
            }

            if (happened is ChatFinished or ChatFailed)
            {
                yield break;
            }
        }
    }

    private static ChatFailed BrokenOff() => new(new ApiFailure(0, ApiFailure.BrokenOffCode, "The answer broke off before its end. Ask again."));

    /// <summary>What the chunks so far have told beside text.</summary>
    private sealed class Seen
    {
        private ChatReceipt? _receipt;
        private ChatUsage? _usage;
        private string? _stopReason;

        public ChatEvent? Take(string data)
        {
            if (data == End)
            {
                return new ChatFinished(_receipt, _usage, _stopReason);
            }

            try
            {
                using var json = JsonDocument.Parse(data);
                var chunk = json.RootElement;
                if (ApiFailureReader.FromElement(0, chunk) is { } failure)
                {
                    return new ChatFailed(failure);
                }

                _receipt = Read<ChatReceipt>(chunk, "agentsystem") ?? _receipt;
                _usage = Read<ChatUsage>(chunk, "usage") ?? _usage;
                return Text(chunk) is { Length: > 0 } text ? new ChatText(text) : null;
            }
            catch (Exception error) when (error is JsonException or InvalidOperationException)
            {
                return new ChatFailed(ApiFailure.Unreadable(StatusCodes.Status200OK));
            }
        }

        private string? Text(JsonElement chunk)
        {
            if (!chunk.TryGetProperty("choices", out var choices) || choices.ValueKind != JsonValueKind.Array || choices.GetArrayLength() == 0)
            {
                return null;
            }

            var choice = choices[0];
            if (choice.TryGetProperty("finish_reason", out var reason) && reason.ValueKind == JsonValueKind.String)
            {
                _stopReason = reason.GetString();
            }

            return choice.TryGetProperty("delta", out var delta) && delta.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String
                ? content.GetString()
                : null;
        }

        private static T? Read<T>(JsonElement chunk, string name)
            where T : class =>
            chunk.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Object ? member.Deserialize<T>(Reading) : null;
    }
}
