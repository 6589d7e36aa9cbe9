using System.Net.Http.Headers;
using AgentSystem.Runtime.Egress;
using AgentSystem.Runtime.Tools.Calls;

namespace AgentSystem.Runtime.Tools.Http;

/// <summary>The HTTP clients of tools. All their connections keep to the rule of outgoing calls.</summary>
public sealed class ToolHttp(EgressRule rule) : IDisposable
{
    private readonly HttpClient pooled = Client(EgressHandler.Create(rule));
    private readonly HttpClient fresh = Client(Unpooled(rule));

    /// <summary>A client whose connections are used again.</summary>
    public HttpClient Pooled => pooled;

    /// <summary>
    /// A client with a connection for each request. On one that was used before, a server may hang up just when a request comes; the handler then sends the request once more by itself,
    /// which must not happen to a call that may be made once only.
    /// </summary>
    public HttpClient Fresh => fresh;

    /// <inheritdoc/>
    public void Dispose()
    {
        pooled.Dispose();
        fresh.Dispose();
    }

    /// <summary>What a connection that failed means for a call.</summary>
    internal static ToolCallException Read(HttpRequestException failure, string tool)
    {
        for (Exception? inner = failure; inner is not null; inner = inner.InnerException)
        {
            if (inner is EgressRefusedException refused)
            {
                return new ToolCallException(ToolFault.Impossible, $"{tool} may not be reached: {refused.Message}", null, failure);
            }
        }

        return failure.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError
            ? new ToolCallException(ToolFault.NotMade, $"{tool} cannot be reached at the moment", null, failure)
            : new ToolCallException(ToolFault.Lost, $"the connection to {tool} broke off", null, failure);
    }

    private static HttpClient Client(SocketsHttpHandler handler)
    {
        var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("AgentSystem-Tools", "1"));
        return client;
    }

    private static SocketsHttpHandler Unpooled(EgressRule rule)
    {
        var handler = EgressHandler.Create(rule);
        handler.PooledConnectionLifetime = TimeSpan.Zero;
        return handler;
    }
}
