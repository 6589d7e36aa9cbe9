using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace AgentSystem.ServiceDefaults.Startup;

/// <summary>Where a host listens: whether the address can be read, and whether it is free.</summary>
public static class ListeningAddress
{
    /// <summary>Where a host's addresses stand once it is built.</summary>
    private const string Urls = "urls";

    /// <summary>What is wrong with the addresses in a setting, separated by semicolons; nothing when it is not set.</summary>
    /// <param name="configuration">Where the setting stands.</param>
    /// <param name="setting">Its name.</param>
    /// <param name="example">An address that would do.</param>
    public static IEnumerable<string> Check(IConfiguration configuration, string setting, string example)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return from text in Split(configuration[setting])
               where !IsAddress(text)
               select $"{setting} is \"{text}\": write it as http://host:port, like {example}.";
    }

    /// <summary>Looks before a host starts whether its addresses can be listened on: the host's own start would log a stack trace.</summary>
    /// <param name="app">The host, built and not started.</param>
    /// <param name="setting">The setting that names another address.</param>
    /// <exception cref="IOException">An address is taken, forbidden, or not this machine's; the message names the cure.</exception>
    public static void RefuseTaken(WebApplication app, string setting)
    {
        ArgumentNullException.ThrowIfNull(app);
        foreach (var url in Split(app.Configuration[Urls]))
        {
            using var held = TryListen(url, out var reason);
            if (reason is not null)
            {
                throw new TakenAddressException($"{app.Environment.ApplicationName} cannot listen on {url} ({reason}): stop what uses it, or set {setting} to another address.");
            }
        }
    }

    /// <summary>Listens on an address until the socket is disposed.</summary>
    /// <param name="url">A readable address.</param>
    /// <param name="reason">Why it cannot be listened on; null when it can.</param>
    /// <returns>Null also where any free port is asked for.</returns>
    public static Socket? TryListen(string url, out string? reason)
    {
        reason = null;
        var address = BindingAddress.Parse(url);
        if (address.Port == 0 || address.IsUnixPipe || address.IsNamedPipe)
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
            reason = refusal.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => "the port is taken",
                SocketError.AccessDenied => "this user may not use the port",
                SocketError.AddressNotAvailable => "the address is not this machine's",
                _ => refusal.Message,
            };
            return null;
        }
    }

    private static string[] Split(string? urls) => urls?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private static bool IsAddress(string text)
    {
        try
        {
            var address = BindingAddress.Parse(text);
            return address.Scheme is "http" or "https" && address.PathBase is "" or "/" && address.Port is >= 0 and <= 65535;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}

/// <summary>An address that cannot be listened on. The message names the cure.</summary>
internal sealed class TakenAddressException(string message) : IOException(message);
