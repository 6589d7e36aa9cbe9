using System.Globalization;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Budgets;
using AgentSystem.Runtime.Caching;
using AgentSystem.Runtime.Caching.InProcess;
using AgentSystem.Runtime.Documents;
using AgentSystem.Runtime.Egress;
using AgentSystem.Runtime.Idempotency;
using AgentSystem.Runtime.Memory;
using AgentSystem.Runtime.Mesh;
using AgentSystem.Runtime.Mesh.Peers;
using AgentSystem.Runtime.Mesh.Tls;
using AgentSystem.Runtime.Perception;
using AgentSystem.Runtime.Recordings;
using AgentSystem.Runtime.Resilience;
using AgentSystem.Runtime.Responses;
using AgentSystem.Runtime.Routing;
using AgentSystem.Runtime.Runs;
using AgentSystem.Runtime.Schedules;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Security.Audit;
using AgentSystem.Runtime.Sessions;
using AgentSystem.Runtime.Threads;
using AgentSystem.Runtime.Threats;
using AgentSystem.Runtime.Tools.Catalogue;
using AgentSystem.Runtime.Webhooks;
using Microsoft.Extensions.Configuration;

namespace AgentSystem.Runtime;

/// <summary>What every process that serves requests or executes runs reads from its configuration, so that all of them check it the same way.</summary>
public static class DataPlaneSettings
{
    private const string RootKeyVariable = "AGENTSYSTEM_ROOT_KEY";
    private const string PreviousRootKeyVariable = "AGENTSYSTEM_ROOT_KEY_PREVIOUS";
    private const string SeedSetting = "Seed";

    /// <summary>Each section and the class it is read into.</summary>
    public static IReadOnlyDictionary<string, Type> Sections { get; } = new Dictionary<string, Type>(StringComparer.Ordinal)
    {
        ["Agents"] = typeof(AgentsOptions),
        ["Audit"] = typeof(AuditOptions),
        ["Budgets"] = typeof(BudgetsOptions),
        ["Caching"] = typeof(CachingOptions),
        ["Caching:InProcess"] = typeof(InProcessCacheOptions),
        ["Documents"] = typeof(DocumentsOptions),
        ["Egress"] = typeof(EgressOptions),
        ["Idempotency"] = typeof(IdempotencyOptions),
        ["Memory"] = typeof(MemoryOptions),
        ["Perception"] = typeof(PerceptionOptions),
        ["Recordings"] = typeof(RecordingsOptions),
        ["Resilience"] = typeof(ResilienceOptions),
        ["Responses"] = typeof(ResponsesOptions),
        [MeshCallOptions.Section] = typeof(MeshCallOptions),
        [MeshServeOptions.Section] = typeof(MeshServeOptions),
        [MeshTlsOptions.Section] = typeof(MeshTlsOptions),
        ["Routing"] = typeof(RoutingOptions),
        ["Runs"] = typeof(RunOptions),
        ["Schedules"] = typeof(ScheduleOptions),
        ["Security"] = typeof(SecurityOptions),
        ["Sessions"] = typeof(SessionsOptions),
        ["Threads"] = typeof(ThreadOptions),
        ["Threats"] = typeof(ThreatsOptions),
        ["Tools"] = typeof(ToolsOptions),
        ["Webhooks"] = typeof(WebhookOptions),
    };

    /// <summary>Every mistake outside the sections, one sentence each with its cure.</summary>
    public static IEnumerable<string> Check(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return [.. CheckRootKey(configuration), .. CheckSeed(configuration), .. CheckPolicy(configuration), .. MeshPlan.Check(configuration)];
    }

    /// <summary>The root secret as given, or as the surrounding process made it; null when there is none.</summary>
    internal static string? RootSecret(IConfiguration configuration) =>
        new[] { configuration[RootKeyVariable], configuration["RootKey"] }.FirstOrDefault(static secret => !string.IsNullOrWhiteSpace(secret));

    /// <summary>The root secret of before, while it is being replaced; null when there is none.</summary>
    internal static string? PreviousRootSecret(IConfiguration configuration) => configuration[PreviousRootKeyVariable] is { } secret && !string.IsNullOrWhiteSpace(secret) ? secret : null;

    /// <summary>Where chance begins: a seed that is set makes routing and backoff repeatable.</summary>
    internal static int Seed(IConfiguration configuration) =>
        configuration[SeedSetting] is { } seed ? int.Parse(seed, NumberStyles.Integer, CultureInfo.InvariantCulture) : Environment.ProcessId;

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

        var previous = PreviousRootSecret(configuration);
        if (previous?.Length < RootKey.MinimumLength)
        {
            yield return $"{PreviousRootKeyVariable} has {previous.Length} characters: give it the root secret of before, or unset it.";
        }
        else if (previous is not null && previous == secret)
        {
            yield return $"{PreviousRootKeyVariable} is the same as {RootKeyVariable}: give the new secret as {RootKeyVariable} and the one before as {PreviousRootKeyVariable}, or unset the latter.";
        }
    }

    private static IEnumerable<string> CheckSeed(IConfiguration configuration)
    {
        if (configuration[SeedSetting] is { } seed && !int.TryParse(seed, NumberStyles.Integer, CultureInfo.InvariantCulture, out _))
        {
            yield return $"{SeedSetting} is \"{seed}\": write a whole number, or unset it.";
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
