using System.Globalization;
using AgentSystem.Api.Keys;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Budgets;
using AgentSystem.Runtime.Caching;
using AgentSystem.Runtime.Caching.InProcess;
using AgentSystem.Runtime.Documents;
using AgentSystem.Runtime.Egress;
using AgentSystem.Runtime.Idempotency;
using AgentSystem.Runtime.Recordings;
using AgentSystem.Runtime.Resilience;
using AgentSystem.Runtime.Responses;
using AgentSystem.Runtime.Routing;
using AgentSystem.Runtime.Runs;
using AgentSystem.Runtime.Schedules;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Sessions;
using AgentSystem.Runtime.Threads;
using AgentSystem.Runtime.Webhooks;
using AgentSystem.ServiceDefaults.Inference;
using AgentSystem.ServiceDefaults.Startup;
using AgentSystem.ServiceDefaults.Stores;

namespace AgentSystem.Api.Hosting;

/// <summary>Every setting of this host in one check, before anything is started or migrated.</summary>
internal static class ApiSettings
{
    private const string RootKeyVariable = "AGENTSYSTEM_ROOT_KEY";

    /// <summary>The sections this host reads into classes of their own; a class that is missing here is found by a test.</summary>
    public static IReadOnlyList<SettingsSection> Sections { get; } =
    [
        new("Agents", typeof(AgentsOptions)),
        new("Budgets", typeof(BudgetsOptions)),
        new("Caching", typeof(CachingOptions)),
        new("Caching:InProcess", typeof(InProcessCacheOptions)),
        new("Database", typeof(DatabaseOptions)),
        new("Documents", typeof(DocumentsOptions)),
        new("Egress", typeof(EgressOptions)),
        new("Idempotency", typeof(IdempotencyOptions)),
        new("Prices", typeof(PriceOptions)),
        new("Recordings", typeof(RecordingsOptions)),
        new("Resilience", typeof(ResilienceOptions)),
        new("Responses", typeof(ResponsesOptions)),
        new("Routing", typeof(RoutingOptions)),
        new("Runs", typeof(RunOptions)),
        new("Schedules", typeof(ScheduleOptions)),
        new("Security", typeof(SecurityOptions)),
        new("Sessions", typeof(SessionsOptions)),
        new(StoreOptions.Section, typeof(StoreOptions)),
        new("Threads", typeof(ThreadOptions)),
        new("Webhooks", typeof(WebhookOptions)),
    ];

    /// <summary>Every mistake, one sentence each with its cure.</summary>
    public static IEnumerable<string> Check(IConfiguration configuration) =>
    [
        .. ListeningAddress.Check(configuration, ApiBuilder.AddressVariable, ApiBuilder.DefaultAddress),
        .. CheckRootKey(configuration),
        .. AdminKey.Check(configuration),
        .. CheckSeed(configuration),
        .. StoresHostExtensions.CheckStores(configuration),
        .. SettingsSections.Check(configuration, Sections),
        .. CheckPolicy(configuration),
        .. InferenceHostExtensions.CheckInference(configuration),
    ];

    /// <summary>The root secret as given, or as the surrounding process made it; null when there is none.</summary>
    public static string? RootSecret(IConfiguration configuration) =>
        new[] { configuration[RootKeyVariable], configuration["RootKey"] }.FirstOrDefault(static secret => !string.IsNullOrWhiteSpace(secret));

    private static IEnumerable<string> CheckRootKey(IConfiguration configuration)
    {
        var secret = RootSecret(configuration);
        if (secret is null)
        {
            yield return $"{RootKeyVariable} is not set: give every process the same random text of at least {RootKey.MinimumLength} characters.";
        }
        else if (secret.Length < RootKey.MinimumLength)
        {
            var name = secret == configuration[RootKeyVariable] ? RootKeyVariable : "root.key in the data folder";
            yield return $"{name} has {secret.Length} characters: give it a random text of at least {RootKey.MinimumLength}.";
        }
    }

    private static IEnumerable<string> CheckSeed(IConfiguration configuration)
    {
        if (configuration["Seed"] is { } seed && !int.TryParse(seed, NumberStyles.Integer, CultureInfo.InvariantCulture, out _))
        {
            yield return $"Seed is \"{seed}\": write a whole number, or unset it.";
        }
    }

    private static IEnumerable<string> CheckPolicy(IConfiguration configuration)
    {
        if (configuration["Routing:Policy"] is { Length: > 0 } policy && !RoutingPolicies.Known.Contains(policy, StringComparer.OrdinalIgnoreCase))
        {
            yield return $"Routing:Policy is \"{policy}\": name one of {string.Join(", ", RoutingPolicies.Known)}.";
        }
    }
}
