using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using AgentSystem.Runtime.Egress;
using AgentSystem.Runtime.Tools.Calls;
using AgentSystem.Runtime.Tools.Catalogue;
using AgentSystem.Runtime.Tools.Http;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AgentSystem.Runtime.Tools.Mcp;

/// <summary>Connections to MCP servers over streamable HTTP, one for each tenant, server and credentials; made when they are needed, closed when nobody used them for a while or they broke.</summary>
public sealed class McpConnections : IAsyncDisposable, IDisposable
{
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, McpConnection> open = new(StringComparer.Ordinal);
    private readonly HttpClient http;
    private readonly ToolsOptions options;
    private readonly TimeProvider time;
    private readonly ITimer timer;

    /// <summary>All connections keep to the rule of outgoing calls.</summary>
    public McpConnections(EgressRule rule, IOptions<ToolsOptions> options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        (this.options, this.time) = (options.Value, time);
        http = new HttpClient(new CappedAnswers(EgressHandler.Create(rule), this.options.MaxDocumentBytes)) { Timeout = Timeout.InfiniteTimeSpan };
        timer = time.CreateTimer(_ => CloseIdle(), null, Sweep, Sweep);
    }

    /// <summary>The connection of a tool's server; <see cref="McpConnection.Leave"/> follows.</summary>
    /// <exception cref="ToolCallException">It cannot be reached.</exception>
    internal async Task<McpConnection> EnterAsync(string tenant, ToolDefinition tool, IReadOnlyDictionary<string, string> headers, CancellationToken cancellation)
    {
        var key = Key(tenant, tool, headers);
        while (true)
        {
            var connection = open.GetOrAdd(key, _ => new McpConnection(time));
            if (connection.TryEnter())
            {
                try
                {
                    await connection.ConnectAsync(token => MakeAsync(connection, tool, headers, token), cancellation).ConfigureAwait(false);
                    return connection;
                }
                catch (Exception e)
                {
                    connection.Leave();
                    Drop(connection);
                    if (e is OperationCanceledException && cancellation.IsCancellationRequested)
                    {
                        throw;
                    }

                    throw McpFailures.Read(e, tool.Source ?? tool.Name, sent: false);
                }
            }

            Drop(connection);
        }
    }

    /// <summary>Takes a broken connection away; the next call makes another.</summary>
    internal void Drop(McpConnection connection)
    {
        foreach (var entry in open.Where(entry => ReferenceEquals(entry.Value, connection)))
        {
            open.TryRemove(entry);
        }

        connection.Retire();
    }

    /// <inheritdoc/>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await timer.DisposeAsync().ConfigureAwait(false);
        foreach (var connection in open.Values)
        {
            Drop(connection);
            await connection.Closed.ConfigureAwait(false);
        }

        http.Dispose();
    }

    private async Task<McpClient> MakeAsync(McpConnection connection, ToolDefinition tool, IReadOnlyDictionary<string, string> headers, CancellationToken cancellation)
    {
        // No logger: the client would log arguments and results.
        var transport = new HttpClientTransport(
            new HttpClientTransportOptions
            {
                Endpoint = new Uri(tool.Url),
                TransportMode = HttpTransportMode.StreamableHttp,
                AdditionalHeaders = headers.ToDictionary(static each => each.Key, static each => each.Value, StringComparer.OrdinalIgnoreCase),
                ConnectionTimeout = options.ReadWithin,
            },
            http);
        // Nothing is offered to the server: it asks us neither for answers of models nor for what users know.
        var client = await McpClient.CreateAsync(
            transport, new McpClientOptions { ClientInfo = new Implementation { Name = "AgentSystem", Version = "1" }, InitializationTimeout = options.ReadWithin }, null, cancellation).ConfigureAwait(false);
        client.RegisterNotificationHandler(NotificationMethods.ToolListChangedNotification, (_, _) =>
        {
            connection.ListChanged();
            return ValueTask.CompletedTask;
        });
        return client;
    }

    private void CloseIdle()
    {
        foreach (var connection in open.Values.Where(connection => connection.IsIdle(options.McpIdle)))
        {
            Drop(connection);
        }
    }

    private static string Key(string tenant, ToolDefinition tool, IReadOnlyDictionary<string, string> headers)
    {
        var secrets = string.Join('\n', headers.OrderBy(static each => each.Key, StringComparer.Ordinal).Select(static each => $"{each.Key}:{each.Value}"));
        return $"{tenant}\n{tool.Source ?? tool.Name}\n{tool.Url}\n{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(secrets)))}";
    }
}
