using System.Text;
using System.Text.Json.Nodes;
using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Tools.Calls;
using AgentSystem.Runtime.Tools.Catalogue;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;

namespace AgentSystem.Runtime.Tools.Mcp;

/// <summary>
/// Tools on MCP servers. Before a call the server's list is looked at if that was not done for a while, or if the server said that it changed: a tool that is described differently than the version a person
/// approved is not called.
/// </summary>
public sealed class McpToolTransport(McpConnections connections, ToolImports imports, IToolStore store, IOptions<ToolsOptions> options) : IToolTransport
{
    /// <summary>Where the id of a call is told to the server, in <c>_meta</c>. The protocol has no place of its own for it.</summary>
    public const string Key = "agentsystem/idempotency-key";

    /// <inheritdoc/>
    public bool Reaches(ToolKind kind) => kind == ToolKind.Mcp;

    /// <inheritdoc/>
    public async Task<TransportAnswer> SendAsync(ToolSend send, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(send);
        var connection = await connections.EnterAsync(send.Tenant, send.Tool, send.Headers, cancellation).ConfigureAwait(false);
        var sent = false;
        try
        {
            if (connection.IsStale(options.Value.McpRecheck))
            {
                await RecheckAsync(connection, send, cancellation).ConfigureAwait(false);
            }

            sent = true;
            var answer = await connection.Client.CallToolAsync(
                new CallToolRequestParams
                {
                    Name = send.Tool.RemoteName!,
                    Arguments = send.Arguments.EnumerateObject().ToDictionary(static member => member.Name, static member => member.Value, StringComparer.Ordinal),
                    Meta = new JsonObject { [Key] = send.CallId },
                },
                cancellation).ConfigureAwait(false);
            return Read(answer, send.Tool.MaxResultChars);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            var failure = McpFailures.Read(e, send.Tool.Name, sent);
            if (failure.Fault != ToolFault.Impossible)
            {
                connections.Drop(connection);
            }

            throw failure == e ? e : failure;
        }
        finally
        {
            connection.Leave();
        }
    }

    private async Task RecheckAsync(McpConnection connection, ToolSend send, CancellationToken cancellation)
    {
        if (await store.FindAsync(send.Tenant, [send.Tool.Source!], cancellation).ConfigureAwait(false) is not [{ Definition: { } source }])
        {
            throw new ToolCallException(ToolFault.Impossible, $"the tool {send.Tool.Name} was removed; go on without it");
        }

        await imports.KeepAsync(send.Tenant, source, await McpListing.ReadAsync(connection, source, cancellation).ConfigureAwait(false), "platform", cancellation).ConfigureAwait(false);
        var now = await store.FindAsync(send.Tenant, [send.Tool.Name], cancellation).ConfigureAwait(false);
        if (now is not [var tool] || ToolWords.NotCallable(tool) is not null || tool.ActiveHash != send.Tool.Hash())
        {
            throw new ToolCallException(ToolFault.Impossible, $"the tool {send.Tool.Name} changed on its server and waits until a person has looked at it; go on without it");
        }
    }

    private static TransportAnswer Read(CallToolResult answer, int most)
    {
        var text = new StringBuilder();
        foreach (var block in answer.Content)
        {
            text.Append(text.Length == 0 ? "" : "\n").Append(Said(block));
            if (text.Length > most)
            {
                break;
            }
        }

        if (text.Length == 0 && answer.StructuredContent is { } structured)
        {
            text.Append(structured.GetRawText());
        }

        var said = ToolWords.Cut(text.ToString().Replace("\0", "", StringComparison.Ordinal), most);
        return new TransportAnswer(said.Length == 0 ? "done (without content)" : said, answer.IsError == true);
    }

    private static string Said(ContentBlock block) => block switch
    {
        TextContentBlock text => text.Text,
        EmbeddedResourceBlock { Resource: TextResourceContents resource } => resource.Text,
        ResourceLinkBlock link => $"[{link.Name}: {link.Uri}]",
        ImageContentBlock image => $"[{image.MimeType}, which is left out]",
        AudioContentBlock audio => $"[{audio.MimeType}, which is left out]",
        _ => $"[{block.Type}, which is left out]",
    };
}
