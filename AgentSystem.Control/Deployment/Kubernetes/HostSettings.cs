using System.Globalization;
using AgentSystem.Contracts.Roles;

namespace AgentSystem.Control.Deployment.Kubernetes;

/// <summary>What a host of ours is told in a cluster; everything here stands in the values and can be changed there.</summary>
public static class HostSettings
{
    /// <summary>Where a pod's certificate, key and authority are mounted, with cert-manager's file names.</summary>
    public const string TlsFolder = "/etc/agentsystem/tls";

    private const string AnyAddress = "0.0.0.0";

    /// <summary>The settings of one service that are no secrets, by variable.</summary>
    public static IReadOnlyDictionary<string, string> Of(SystemService service)
    {
        ArgumentNullException.ThrowIfNull(service);
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["World"] = "kubernetes",
            ["Logging__Console__FormatterName"] = "json",
            // Hexadecimal: 60 % of the memory limit for the heap, so that a heap that is merely full stays below the autoscaler's 75 %.
            ["DOTNET_GCHeapHardLimitPercent"] = "3C",
        };
        settings[service.Kind switch { ServiceKind.Gateway => "AGENTSYSTEM_API_URL", ServiceKind.Console => "AGENTSYSTEM_WEB_URL", _ => "ASPNETCORE_URLS" }] = $"http://{AnyAddress}:{ServicePort.Http.Number}";
        foreach (var reference in service.References)
        {
            Tell(settings, reference);
        }

        if (service.Kind == ServiceKind.Gateway)
        {
            // Runs are executed by the reasoning role; the tables are the migration's to make.
            settings["Runs__Concurrency"] = "0";
            settings["Database__MigrateOnStart"] = "false";
        }

        if (service.Role is { } role)
        {
            settings["Roles"] = role;
            settings["Roles__Serve__Url"] = $"https://{AnyAddress}:{ServicePort.Grpc.Number}";
            settings["Roles__Serve__Drain"] = service.Drain.ToString("c", CultureInfo.InvariantCulture);
        }

        if (HasCertificate(service))
        {
            settings["Roles__Tls__Certificate"] = TlsFolder + "/tls.crt";
            settings["Roles__Tls__Key"] = TlsFolder + "/tls.key";
            settings["Roles__Tls__Ca"] = TlsFolder + "/ca.crt";
        }

        return settings;
    }

    /// <summary>Whoever calls a role or serves one shows a certificate.</summary>
    public static bool HasCertificate(SystemService service)
    {
        ArgumentNullException.ThrowIfNull(service);
        return service.ServesGrpc || service.References.Any(static reference => RoleOf(reference) is not null);
    }

    /// <summary>The address of what is called; stores come as connection strings, which are secrets.</summary>
    private static void Tell(SortedDictionary<string, string> settings, ServiceReference reference)
    {
        if (RoleOf(reference) is { } role)
        {
            settings["Services__" + role] = $"dns:///{ObjectNames.Headless(reference.Service)}:{ServicePort.Grpc.Number}";
        }
        else if (reference.Service == SystemModel.Api)
        {
            settings["Api__Url"] = $"http://{ObjectNames.Service(reference.Service)}:{ServicePort.Http.Number}";
        }
    }

    private static string? RoleOf(ServiceReference reference) => RoleNames.All.FirstOrDefault(role => SystemModel.OfRole(role) == reference.Service);
}
