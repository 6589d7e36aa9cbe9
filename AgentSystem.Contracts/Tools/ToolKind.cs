namespace AgentSystem.Contracts.Tools;

/// <summary>Where a tool is.</summary>
public enum ToolKind
{
    /// <summary>Part of the platform; every tenant has it.</summary>
    Builtin,

    /// <summary>An address that takes the arguments as JSON.</summary>
    Http,

    /// <summary>Described by an OpenAPI document: one tool for each operation.</summary>
    Openapi,

    /// <summary>On a server of the Model Context Protocol: one tool for each of its tools.</summary>
    Mcp,
}

/// <summary>What a tool touches, for the Rule of Two.</summary>
public enum ToolReach
{
    /// <summary>Its results are texts that somebody else may have written.</summary>
    Untrusted,

    /// <summary>Its results are what only the tenant or user may know.</summary>
    Private,

    /// <summary>It changes something, or sends something out.</summary>
    Change,
}

/// <summary>Whether a tool can be called.</summary>
public enum ToolState
{
    /// <summary>It can.</summary>
    Active,

    /// <summary>Its server describes it differently than the version that was approved, or it is new there: a person approves it first.</summary>
    Changed,

    /// <summary>Its server does not have it any more.</summary>
    Gone,

    /// <summary>A person turned it off.</summary>
    Disabled,
}
