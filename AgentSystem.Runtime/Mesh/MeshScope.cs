namespace AgentSystem.Runtime.Mesh;

/// <summary>On whose behalf this flow of execution acts, and until when: what goes with every call of a role, as the trace does. A role takes it from the call and acts in the same scope.</summary>
/// <param name="Tenant">The caller's tenant.</param>
/// <param name="KeyId">The caller's key; empty: none.</param>
/// <param name="User">The user it speaks for; empty: none.</param>
/// <param name="Scopes">What the caller may do.</param>
/// <param name="Deadline">When whoever waits stops waiting; null: never.</param>
public sealed record MeshScope(string Tenant, string KeyId, string User, IReadOnlyList<string> Scopes, DateTimeOffset? Deadline)
{
    private static readonly AsyncLocal<MeshScope?> Ambient = new();

    /// <summary>The scope of this flow; null: nobody's.</summary>
    public static MeshScope? Current => Ambient.Value;

    /// <summary>Acts in a scope until it is disposed. A deadline of the scope around it that is earlier goes on to hold.</summary>
    public static IDisposable Begin(MeshScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        var before = Ambient.Value;
        Ambient.Value = before?.Deadline is { } outer && !(scope.Deadline < outer) ? scope with { Deadline = outer } : scope;
        return new End(before);
    }

    private sealed class End(MeshScope? before) : IDisposable
    {
        public void Dispose() => Ambient.Value = before;
    }
}
