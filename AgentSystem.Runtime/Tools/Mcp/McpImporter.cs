using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Tools.Calls;
using AgentSystem.Runtime.Tools.Catalogue;

namespace AgentSystem.Runtime.Tools.Mcp;

/// <summary>Asks MCP servers for their tools.</summary>
public sealed class McpImporter(McpConnections connections) : IToolImporter
{
    /// <inheritdoc/>
    public ToolKind Kind => ToolKind.Mcp;

    /// <inheritdoc/>
    public async Task<ImportedTools> ReadAsync(ImportSource source, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        McpConnection? connection = null;
        try
        {
            connection = await connections.EnterAsync(source.Tenant, source.Tool, source.Headers, cancellation).ConfigureAwait(false);
            var listed = await McpListing.ReadAsync(connection, source.Tool, cancellation).ConfigureAwait(false);
            return Missing(source.Tool.Origin?.Operations, listed) is { } missing
                ? throw new ToolImportException(400, $"The server has no tool \"{missing}\"; leave it out of \"operations\".")
                : listed;
        }
        catch (Exception e) when (e is not ToolImportException && !cancellation.IsCancellationRequested)
        {
            if (connection is not null)
            {
                connections.Drop(connection);
            }

            var failure = McpFailures.Read(e, source.Tool.Name, sent: false);
            throw new ToolImportException(failure.Fault == ToolFault.Impossible ? 400 : 502, $"The MCP server did not say what it offers: {failure.Message}.", e);
        }
        finally
        {
            connection?.Leave();
        }
    }

    private static string? Missing(IReadOnlyList<string>? wanted, ImportedTools listed) =>
        wanted?.FirstOrDefault(name => !listed.Tools.Any(tool => tool.RemoteName == name) && !listed.Skipped.Any(tool => tool.Name == name));
}
