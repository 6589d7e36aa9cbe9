using System.Net.Sockets;
using AgentSystem.ServiceDefaults.Startup;
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
        var socket = ListeningAddress.TryListen(url, out var reason);
        return reason is null ? socket : throw Refusal(url, variable, what, reason);
    }
}
