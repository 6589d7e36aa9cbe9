namespace AgentSystem.Contracts.Tools;

/// <summary>What calling a tool does to the world, and so what may be done when the outcome of a call was lost.</summary>
public enum ToolEffect
{
    /// <summary>Nothing: repeated freely.</summary>
    Read,

    /// <summary>The same key has the same effect once: retried with the same key.</summary>
    Idempotent,

    /// <summary>At most one call: an outcome that was lost is unknown, and a person decides.</summary>
    Once,

    /// <summary>A person approves each call before it is made; then as <see cref="Once"/>.</summary>
    Unsafe,
}
