using System.Net.Sockets;
using System.Text;

namespace AgentSystem.Tests.EndToEnd.Attacks;

/// <summary>Bytes to a server as they are, without a client that would mend them, and everything that comes back until it closes.</summary>
internal static class RawHttp
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Sends text, each letter one byte (Latin-1), and reads to the end.</summary>
    public static Task<string> AskAsync(Uri server, string request) => AskAsync(server, Encoding.Latin1.GetBytes(request));

    public static async Task<string> AskAsync(Uri server, byte[] request)
    {
        using var socket = await ConnectAsync(server);
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        await SendAsync(socket, request, limit.Token);
        return await ReadToEndAsync(socket, limit.Token);
    }

    public static async Task<Socket> ConnectAsync(Uri server)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server.Host, server.Port);
        return socket;
    }

    /// <summary>Sends what the server takes: one that has answered and closed already is no fault.</summary>
    public static async Task SendAsync(Socket socket, byte[] request, CancellationToken cancellation)
    {
        try
        {
            await socket.SendAsync(request, cancellation);
        }
        catch (SocketException gone) when (gone.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown or SocketError.ConnectionAborted)
        {
            return;
        }
    }

    public static async Task<string> ReadToEndAsync(Socket socket, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        var buffer = new byte[16 * 1024];
        try
        {
            while (await socket.ReceiveAsync(buffer, cancellation) is > 0 and var read)
            {
                text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
        }
        catch (SocketException gone) when (gone.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
        {
            // It closed while we were still sending; what it said before is what it said.
        }

        return text.ToString();
    }

    /// <summary>The status codes of the answers, in order; more than one means that the server saw more than one request.</summary>
    public static IReadOnlyList<int> Statuses(string answer) =>
        [.. System.Text.RegularExpressions.Regex.Matches(answer, @"HTTP/1\.1 (\d{3})").Select(static match => int.Parse(match.Groups[1].Value))];
}
