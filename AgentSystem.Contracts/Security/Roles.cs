namespace AgentSystem.Contracts.Security;

/// <summary>What people are who sign in by single sign-on, and the scopes that go with it. Keys carry scopes themselves.</summary>
public static class Roles
{
    /// <summary>Sees everything of its tenant but its keys, and changes nothing.</summary>
    public const string Viewer = "viewer";

    /// <summary>Runs the day: talks to agents, makes and changes them, decides approvals. Neither keys nor budgets.</summary>
    public const string Operator = "operator";

    /// <summary>Everything within its tenant; in tenant <see cref="Tenants.Default"/> that includes what concerns the whole platform.</summary>
    public const string Admin = "admin";

    /// <summary>Everything within a tenant other than <see cref="Tenants.Default"/>. In that one everything but keys and what concerns the whole platform.</summary>
    public const string TenantAdmin = "tenant_admin";

    /// <summary>Every role, the least first.</summary>
    public static IReadOnlyList<string> All { get; } = [Viewer, Operator, TenantAdmin, Admin];

    private static readonly string[] Reading =
    [
        Scopes.AgentsRead, Scopes.UsageRead, Scopes.ThreadsRead, Scopes.DocumentsRead, Scopes.BudgetsRead, Scopes.RunsRead, Scopes.StateRead, Scopes.MemoryRead, Scopes.SecurityRead, Scopes.ToolsRead,
    ];

    private static readonly string[] Operating =
    [
        .. Reading, Scopes.Chat, Scopes.Feedback, Scopes.Metrics, Scopes.AgentsWrite, Scopes.ThreadsWrite, Scopes.DocumentsWrite, Scopes.RunsWrite, Scopes.StateWrite, Scopes.MemoryWrite, Scopes.ToolsWrite, Scopes.ToolsInvoke,
    ];

    /// <summary>The scopes of a role in a tenant; none for a role that does not exist.</summary>
    /// <remarks>
    /// A key made by an administrator carries scopes and no role, and an administrator of tenant <see cref="Tenants.Default"/> runs the platform. Therefore a
    /// <see cref="TenantAdmin"/> of that tenant does not hold <see cref="Scopes.Admin"/>: with it a key of more power than its own could be made.
    /// </remarks>
    public static IReadOnlyList<string> ScopesOf(string role, string tenant) => role switch
    {
        Viewer => Reading,
        Operator => Operating,
        Admin => [Scopes.Admin],
        TenantAdmin => tenant == Tenants.Default ? [.. Scopes.All.Where(static scope => scope != Scopes.Admin)] : [Scopes.Admin],
        _ => [],
    };
}
