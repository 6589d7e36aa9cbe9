namespace AgentSystem.Contracts.Security;

/// <summary>What a key may do. <see cref="Admin"/> includes all the others within its tenant.</summary>
public static class Scopes
{
    public const string Admin = "admin";
    public const string Chat = "chat";
    public const string AgentsRead = "agents:read";
    public const string AgentsWrite = "agents:write";
    public const string Feedback = "feedback";
    public const string Metrics = "metrics";
    public const string UsageRead = "usage:read";
    public const string ThreadsRead = "threads:read";
    public const string ThreadsWrite = "threads:write";
    public const string DocumentsRead = "documents:read";
    public const string DocumentsWrite = "documents:write";
    public const string BudgetsRead = "budgets:read";
    public const string BudgetsWrite = "budgets:write";
    public const string RunsRead = "runs:read";
    public const string RunsWrite = "runs:write";
    public const string StateRead = "state:read";
    public const string StateWrite = "state:write";
    public const string MemoryRead = "memory:read";
    public const string MemoryWrite = "memory:write";

    /// <summary>Have texts screened; see what was found, incidents and what is contained; read, verify and export the audit log.</summary>
    public const string SecurityRead = "security:read";

    /// <summary>Contain keys and agents, resolve incidents, import intelligence, pull the kill switch.</summary>
    public const string SecurityWrite = "security:write";

    /// <summary>See the tenant's tools and how they do.</summary>
    public const string ToolsRead = "tools:read";

    /// <summary>Register, change, approve and remove tools.</summary>
    public const string ToolsWrite = "tools:write";

    /// <summary>Call a tool without an agent.</summary>
    public const string ToolsInvoke = "tools:invoke";

    /// <summary>Every scope a key can be given.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Admin, Chat, AgentsRead, AgentsWrite, Feedback, Metrics, UsageRead, ThreadsRead, ThreadsWrite, DocumentsRead, DocumentsWrite,
        BudgetsRead, BudgetsWrite, RunsRead, RunsWrite, StateRead, StateWrite, MemoryRead, MemoryWrite, SecurityRead, SecurityWrite,
        ToolsRead, ToolsWrite, ToolsInvoke,
    ];
}
