using AgentSystem.Contracts.Tools;

namespace AgentSystem.Web.Components.Pages.Tools;

/// <summary>Tools in a person's words.</summary>
internal static class ToolWords
{
    public static string Page(string name) => $"/tools/{Uri.EscapeDataString(name)}";

    /// <summary>Whether it can be called.</summary>
    public static string StateOf(ToolState state) => state switch
    {
        ToolState.Active => "Active",
        ToolState.Changed => "Waits for approval",
        ToolState.Gone => "Not offered any more",
        _ => "Turned off",
    };

    /// <summary>The tone of a state's badge.</summary>
    public static string Tone(ToolState state) => state switch
    {
        ToolState.Active => "good",
        ToolState.Changed => "accent",
        ToolState.Gone => "bad",
        _ => "",
    };

    /// <summary>Where it is.</summary>
    public static string KindOf(ToolKind kind) => kind switch
    {
        ToolKind.Builtin => "built in",
        ToolKind.Http => "HTTP",
        ToolKind.Openapi => "OpenAPI",
        _ => "MCP",
    };

    /// <summary>What a call does, and so what may happen to it.</summary>
    public static string EffectOf(ToolEffect effect) => effect switch
    {
        ToolEffect.Read => "reads: repeated freely",
        ToolEffect.Idempotent => "idempotent: repeated with the same key",
        ToolEffect.Once => "once: at most one call, then a person decides",
        _ => "unsafe: a person approves each call",
    };

    /// <summary>How it did so far.</summary>
    public static string Did(ToolHealth health) => health switch
    {
        { Calls: 0 } => "not called yet",
        { Failures: 0 } => $"{health.Calls} calls",
        _ => $"{health.Calls} calls, {health.Failures} failed",
    };

    /// <summary>A breaker that keeps calls away.</summary>
    public static bool IsOpen(ToolHealth health) => health.Breaker is "open" or "isolated";
}
