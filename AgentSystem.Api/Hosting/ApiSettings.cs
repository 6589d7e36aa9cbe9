using AgentSystem.Api.Keys;
using AgentSystem.Runtime;
using AgentSystem.ServiceDefaults.Inference;
using AgentSystem.ServiceDefaults.SingleSignOn;
using AgentSystem.ServiceDefaults.Startup;
using AgentSystem.ServiceDefaults.Stores;

namespace AgentSystem.Api.Hosting;

/// <summary>Every setting of this host in one check, before anything is started or migrated.</summary>
internal static class ApiSettings
{
    /// <summary>The sections this host reads into classes of their own; a class that is missing here is found by a test.</summary>
    public static IReadOnlyList<SettingsSection> Sections { get; } =
    [
        .. DataPlaneSettings.Sections.Select(static section => new SettingsSection(section.Key, section.Value)),
        new("Database", typeof(DatabaseOptions)),
        new(OidcOptions.Section, typeof(OidcOptions)),
        new(ForwardedOptions.Section, typeof(ForwardedOptions)),
        new("Prices", typeof(PriceOptions)),
        new(StoreOptions.Section, typeof(StoreOptions)),
    ];

    /// <summary>Every mistake, one sentence each with its cure.</summary>
    public static IEnumerable<string> Check(IConfiguration configuration) =>
    [
        .. ListeningAddress.Check(configuration, ApiBuilder.AddressVariable, ApiBuilder.DefaultAddress),
        .. DataPlaneSettings.Check(configuration),
        .. AdminKey.Check(configuration),
        .. OidcSettings.Check(configuration),
        .. StoresHostExtensions.CheckStores(configuration),
        .. SettingsSections.Check(configuration, Sections),
        .. InferenceHostExtensions.CheckInference(configuration),
    ];
}
