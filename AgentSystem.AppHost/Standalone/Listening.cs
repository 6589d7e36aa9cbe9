using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace AgentSystem.AppHost.Standalone;

/// <summary>Looks before anything is started whether both addresses can be listened on: a taken port is told at once and nothing has to be undone.</summary>
internal static class Listening
{
    /// <exception cref="CannotStartException">An address is taken, forbidden, or not this machine's.</exception>
    public static void Check(StandaloneSettings settings)
    {
        // Held together for a moment, so that two variables with the same address are found too.
        using var api = Listen(settings.ApiUrl, StandaloneSettings.ApiUrlVariable, "API");
        using var web = Listen(settings.WebUrl, StandaloneSettings.WebUrlVariable, "console");
    }

    public static CannotStartException Refusal(string url, string variable, string what, string reason) =>
        new($"The {what} cannot listen on {url} ({reason}): stop what uses it, or set {variable} to another address.");

    /// <summary>Where a process on this machine reaches what listens on the address.</summary>
    public static string ReachableFromHere(string url)
    {
        var address = BindingAddress.Parse(url);
        return address.Host is "0.0.0.0" or "[::]" or "+" or "*" ? $"{address.Scheme}://127.0.0.1:{address.Port}" : url;
    }

    private static Socket? Listen(string url, string variable, string what)
    {
        var address = BindingAddress.Parse(url);
        if (address.Port == 0)
        {
            return null;
        }

        var ip = address.Host switch
        {
            "localhost" => IPAddress.Loopback,
            var host when IPAddress.TryParse(host, out var parsed) => parsed,
            _ => IPAddress.Any,
        };
        var socket = new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(ip, address.Port));
            socket.Listen();
            return socket;
        }
        catch (SocketException refusal)
        {
            socket.Dispose();
            throw Refusal(url, variable, what, refusal.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => "the port is taken",
                SocketError.AccessDenied => "this user may not use the port",
                SocketError.AddressNotAvailable => "the address is not this machine's",
                _ => refusal.Message,
            });
        }
    }
}
