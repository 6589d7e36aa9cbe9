using AgentSystem.Contracts.Roles;

namespace AgentSystem.Runtime.Tools.Remote;

/// <summary>Has the calls of tools made by the role <c>tools</c>.</summary>
public sealed class ToolsElsewhere(IToolsService service)
{
    /// <summary>The same tool, called there.</summary>
    internal ITool Wrap(ITool tool) => new ToolElsewhere(tool, service);
}
