using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Tools.Calls;
using AgentSystem.Runtime.Tools.Catalogue;

namespace AgentSystem.Runtime.Tools.Http;

/// <summary>Tools behind an HTTP address: those that take their arguments as JSON, and the operations of OpenAPI documents.</summary>
public sealed class HttpToolTransport(ToolHttp http, TimeProvider time) : IToolTransport
{
    /// <summary>The header that carries the id of a call (draft-ietf-httpapi-idempotency-key-header).</summary>
    public const string Key = "Idempotency-Key";

    private const int LongestRefusal = 2_000;

    /// <inheritdoc/>
    public bool Reaches(ToolKind kind) => kind is ToolKind.Http or ToolKind.Openapi;

    /// <inheritdoc/>
    public async Task<TransportAnswer> SendAsync(ToolSend send, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(send);
        using var request = send.Tool.Operation is { } operation ? OperationRequest.Make(send.Tool, operation, send.Arguments) : Post(send);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/*", 0.8));
        request.Headers.TryAddWithoutValidation(Key, send.CallId);
        foreach (var (name, value) in send.Headers)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            var client = send.Tool.Effect is ToolEffect.Read or ToolEffect.Idempotent ? http.Pooled : http.Fresh;
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
            return await ReadAsync(send.Tool, answer, cancellation).ConfigureAwait(false);
        }
        catch (HttpRequestException failure)
        {
            throw ToolHttp.Read(failure, send.Tool.Name);
        }
        catch (IOException failure)
        {
            throw new ToolCallException(ToolFault.Lost, $"the connection to {send.Tool.Name} broke off", null, failure);
        }
    }

    private static HttpRequestMessage Post(ToolSend send)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(send.Arguments.GetRawText()));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return new HttpRequestMessage(HttpMethod.Post, new Uri(send.Tool.Url)) { Content = content };
    }

    private async Task<TransportAnswer> ReadAsync(ToolDefinition tool, HttpResponseMessage answer, CancellationToken cancellation)
    {
        var status = (int)answer.StatusCode;
        var number = status.ToString(CultureInfo.InvariantCulture);
        switch (answer.StatusCode)
        {
            case HttpStatusCode.TooManyRequests:
                throw new ToolCallException(ToolFault.NotMade, $"{tool.Name} answered 429: it has no time now", Asked(answer.Headers.RetryAfter));
            case HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError:
                throw new ToolCallException(ToolFault.Lost, $"{tool.Name} answered {number}", Asked(answer.Headers.RetryAfter));
            case >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest:
                throw new ToolCallException(ToolFault.Impossible, $"{tool.Name} answered {number}, and redirects are not followed; register the address it leads to");
            default:
                break;
        }

        var most = status >= 400 ? Math.Min(LongestRefusal, tool.MaxResultChars) : tool.MaxResultChars;
        var text = await BoundedText.ReadAsync(answer.Content, most, cancellation).ConfigureAwait(false);
        if (text is null)
        {
            throw new ToolCallException(ToolFault.Impossible, $"{tool.Name} answered with {answer.Content.Headers.ContentType?.MediaType}, which is no text");
        }

        return status >= 400
            ? new TransportAnswer($"{tool.Name} answered {number}{(text.Length == 0 ? "" : $": {text}")}", IsError: true)
            : new TransportAnswer(text.Length == 0 ? $"done ({number}, without content)" : text, IsError: false);
    }

    private TimeSpan? Asked(RetryConditionHeaderValue? header) => (header?.Delta ?? header?.Date - time.GetUtcNow()) is { Ticks: > 0 } pause ? pause : null;
}
