using System.Globalization;
using System.Net;
using AgentSystem.Runtime.Tools.Calls;
using AgentSystem.Runtime.Tools.Http;
using ModelContextProtocol;

namespace AgentSystem.Runtime.Tools.Mcp;

/// <summary>What exceptions of the MCP client mean for a call.</summary>
internal static class McpFailures
{
    /// <summary>What is known about the call's effect, in our words.</summary>
    /// <param name="failure">What happened.</param>
    /// <param name="server">Name of the server.</param>
    /// <param name="sent">Whether the call was on its way.</param>
    public static ToolCallException Read(Exception failure, string server, bool sent)
    {
        var lost = sent ? ToolFault.Lost : ToolFault.NotMade;
        for (Exception? inner = failure; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case ToolCallException ours:
                    return ours;
                case HttpRequestException { StatusCode: { } status }:
                    return OfStatus(status, server, lost, failure);
                case HttpRequestException http:
                    return ToolHttp.Read(http, server) is { Fault: not ToolFault.Lost } known ? known : new ToolCallException(lost, $"the connection to {server} broke off", null, failure);
                default:
                    break;
            }
        }

        return failure switch
        {
            OperationCanceledException or TimeoutException => new ToolCallException(lost, $"{server} did not answer in time", null, failure),
            McpProtocolException protocol => new ToolCallException(ToolFault.Impossible, $"{server} refused the call by the protocol (code {((int)protocol.ErrorCode).ToString(CultureInfo.InvariantCulture)})", null, failure),
            _ => new ToolCallException(lost, $"the connection to {server} broke off", null, failure),
        };
    }

    private static ToolCallException OfStatus(HttpStatusCode status, string server, ToolFault lost, Exception failure)
    {
        var number = ((int)status).ToString(CultureInfo.InvariantCulture);
        return status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new ToolCallException(ToolFault.Impossible, $"{server} answered {number}: its credentials are missing or refused; set \"headers\"", null, failure),
            // The session is over; the next attempt begins another.
            HttpStatusCode.NotFound => new ToolCallException(ToolFault.NotMade, $"{server} answered 404", null, failure),
            HttpStatusCode.TooManyRequests => new ToolCallException(ToolFault.NotMade, $"{server} answered 429: it has no time now", null, failure),
            >= HttpStatusCode.InternalServerError => new ToolCallException(lost, $"{server} answered {number}", null, failure),
            _ => new ToolCallException(ToolFault.Impossible, $"{server} answered {number}", null, failure),
        };
    }
}
