using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Security;

namespace AgentSystem.Web.Components.Pages.Keys;

/// <summary>A key as it is being filled in.</summary>
internal sealed class KeyDraft
{
    public static IReadOnlyList<string> KnownScopes => Contracts.Security.Scopes.All;

    /// <summary>What a scope allows, in a few words; null for one this console does not know.</summary>
    public static string? MeaningOf(string scope) => Meanings.GetValueOrDefault(scope);

    private static readonly Dictionary<string, string> Meanings = new(StringComparer.Ordinal)
    {
        [Contracts.Security.Scopes.Admin] = "Everything, this console included",
        [Contracts.Security.Scopes.Chat] = "Ask agents and models",
        [Contracts.Security.Scopes.AgentsRead] = "See agents and their versions",
        [Contracts.Security.Scopes.AgentsWrite] = "Make, change and archive agents",
        [Contracts.Security.Scopes.Feedback] = "Rate answers",
        [Contracts.Security.Scopes.Metrics] = "Fetch metrics for monitoring",
        [Contracts.Security.Scopes.UsageRead] = "See requests, times and costs",
        [Contracts.Security.Scopes.ThreadsRead] = "Read conversations",
        [Contracts.Security.Scopes.ThreadsWrite] = "Begin, rename and delete conversations",
        [Contracts.Security.Scopes.DocumentsRead] = "Read and search documents",
        [Contracts.Security.Scopes.DocumentsWrite] = "Add and delete documents",
        [Contracts.Security.Scopes.BudgetsRead] = "See budgets, teams and what is left",
        [Contracts.Security.Scopes.BudgetsWrite] = "Make, change and delete budgets",
        [Contracts.Security.Scopes.RunsRead] = "Watch runs, schedules and webhooks",
        [Contracts.Security.Scopes.RunsWrite] = "Begin, cancel and approve runs; schedules and webhooks",
        [Contracts.Security.Scopes.StateRead] = "Read the state agents keep, and conflicts about it",
        [Contracts.Security.Scopes.StateWrite] = "Change the state agents keep, and decide conflicts",
        [Contracts.Security.Scopes.MemoryRead] = "Read and search what agents remember",
        [Contracts.Security.Scopes.MemoryWrite] = "Keep, change and forget memories",
        [Contracts.Security.Scopes.SecurityRead] = "Have texts screened; see verdicts and incidents; read and verify the audit log",
        [Contracts.Security.Scopes.SecurityWrite] = "Contain keys and agents, resolve incidents, pull the kill switch",
        [Contracts.Security.Scopes.ToolsRead] = "See tools and how they do",
        [Contracts.Security.Scopes.ToolsWrite] = "Register, change, approve and remove tools",
        [Contracts.Security.Scopes.ToolsInvoke] = "Call tools without an agent",
    };

    public string Name { get; set; } = "";

    public IReadOnlyList<string> Scopes { get; set; } = [Contracts.Security.Scopes.Chat];

    /// <summary>None means all.</summary>
    public IReadOnlyList<string> Agents { get; set; } = [];

    /// <summary>None means all.</summary>
    public IReadOnlyList<string> Tools { get; set; } = [];

    public string User { get; set; } = "";

    public int? RequestsPerMinute { get; set; }

    public int? TokensPerMinute { get; set; }

    public int? Concurrency { get; set; }

    public int? ExpiresInDays { get; set; }

    /// <summary>What is missing or out of range, for the person filling it in; null when the API may be asked.</summary>
    public string? Problem() => this switch
    {
        { Name: var name } when string.IsNullOrWhiteSpace(name) => "Give the key a name.",
        { Scopes.Count: 0 } => "Choose at least one scope.",
        { RequestsPerMinute: < 1 } or { TokensPerMinute: < 1 } or { Concurrency: < 1 } => "Limits start at 1; leave a limit empty for none.",
        { ExpiresInDays: < 1 or > 3650 } => "A key lasts 1 to 3650 days; leave the field empty for a key that never expires.",
        _ => null,
    };

    public CreateKey ToRequest() => new(
        Name.Trim(),
        Scopes,
        User: string.IsNullOrWhiteSpace(User) ? null : User.Trim(),
        Agents: Agents.Count == 0 ? null : Agents,
        Tools: Tools.Count == 0 ? null : Tools,
        Limits: RequestsPerMinute is null && TokensPerMinute is null && Concurrency is null ? null : new KeyLimits(RequestsPerMinute, TokensPerMinute, Concurrency),
        ExpiresInDays: ExpiresInDays);
}
