using AgentSystem.Api.Hosting;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace AgentSystem.Api.Http;

/// <summary>
/// The client's address from <c>X-Forwarded-For</c>, where a proxy says it that is trusted (<see cref="ForwardedOptions"/>). Read from the right, as far as trusted proxies go: what stands
/// left of the first one that is not is whatever the client wrote. Nothing else is taken from such headers.
/// </summary>
internal static class ForwardedAddresses
{
    /// <summary>Adds the settings. They also bind what <c>ASPNETCORE_FORWARDEDHEADERS_ENABLED</c> switches on, which would otherwise believe everybody.</summary>
    public static void AddForwardedAddresses(this IServiceCollection services)
    {
        services.AddOptions<ForwardedOptions>().BindConfiguration(ForwardedOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ForwardedHeadersOptions>().PostConfigure<IOptions<ForwardedOptions>>(static (forwarded, ours) =>
        {
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            forwarded.ForwardLimit = null;
            forwarded.ForwardedHeaders = ForwardedHeaders.None;
            foreach (var network in NetworkList.Read(ours.Value.TrustedProxies) ?? [])
            {
                forwarded.KnownIPNetworks.Add(network);
                forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor;
            }
        });
    }

    /// <summary>Stands before everything that looks at an address.</summary>
    public static void UseForwardedAddresses(this IApplicationBuilder app) => app.UseForwardedHeaders();
}
