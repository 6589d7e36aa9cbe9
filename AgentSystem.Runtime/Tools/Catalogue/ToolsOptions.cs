using System.ComponentModel.DataAnnotations;

namespace AgentSystem.Runtime.Tools.Catalogue;

/// <summary>Catalogues of tools. Section <c>Tools</c>.</summary>
public sealed class ToolsOptions
{
    /// <summary>Tools a tenant may have, those of servers and documents included.</summary>
    [Range(0, 100_000)]
    public int MaxPerTenant { get; set; } = 1_000;

    /// <summary>How long a server or document may take to say what it offers.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan ReadWithin { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Largest document that is read, in bytes.</summary>
    [Range(1_000, 50_000_000)]
    public int MaxDocumentBytes { get; set; } = 5_000_000;

    /// <summary>How long a connection to an MCP server stays open without a call.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "1.00:00:00")]
    public TimeSpan McpIdle { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How old the list of an MCP server's tools may be when one of them is called; an older one is read anew first, and a tool that changed is not called.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan McpRecheck { get; set; } = TimeSpan.FromSeconds(30);
}
