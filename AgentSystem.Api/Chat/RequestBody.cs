using System.Text.Json;
using AgentSystem.Api.Http;
using AgentSystem.Contracts.Json;
using AgentSystem.Runtime.Pipeline;

namespace AgentSystem.Api.Chat;

/// <summary>How every body of <c>/v1</c> is opened: scanned before it is decoded, then a JSON object whose wrong members are named.</summary>
internal static class RequestBody
{
    /// <summary>What <paramref name="read"/> makes of the body, or what is wrong with it.</summary>
    /// <param name="body">The bytes.</param>
    /// <param name="read">Reads the members; throws <see cref="BadMemberException"/> for a wrong one. What it returns must not keep the element.</param>
    /// <param name="mayHoldMedia">Whether texts may be images or sounds, which have a larger limit.</param>
    public static (T? Request, RunFailure? Failure) Open<T>(ReadOnlyMemory<byte> body, Func<JsonElement, T> read, bool mayHoldMedia = false)
        where T : class
    {
        if (RequestScan.Check(body.Span, mayHoldMedia) is { } refused)
        {
            return (null, refused);
        }

        using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = PlatformJson.MaxDepth });
        try
        {
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? (read(document.RootElement), null)
                : (null, RunFailure.Invalid("invalid_json", "The body must be a JSON object."));
        }
        catch (BadMemberException e)
        {
            return (null, e.Failure);
        }
    }

    /// <summary>The <c>model</c> of a request that an agent answers.</summary>
    public static string AgentOf(JsonElement root) => root.Text("model", "model") is { } model && !string.IsNullOrWhiteSpace(model)
        ? model
        : throw new BadMemberException(RunFailure.Invalid("missing_member", "\"model\" is missing; name an agent, or model:<name>.", "model"));
}
