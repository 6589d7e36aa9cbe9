namespace AgentSystem.Runtime.Agents;

/// <summary>Why a request about agents is refused, and what would help.</summary>
public static class AgentFailures
{
    /// <summary>Also the answer about an agent the key may not call: names of others are nobody's business.</summary>
    public static AgentRefusal Missing(string name) =>
        NotFound("agent_not_found", $"There is no agent \"{name}\" that this key may call; GET /api/v1/agents lists those it may.", "name");

    /// <summary>The agent is put away already.</summary>
    internal static AgentRefusal Archived(string name) => NotFound(
        "agent_archived", $"Agent \"{name}\" is archived; POST /api/v1/agents/{name}/activate with one of its versions brings it back, GET /api/v1/agents/{name}/versions lists them.", "name");

    /// <summary>The agent has no such version.</summary>
    public static AgentRefusal NoSuchVersion(string name, string version, int latest, string member = "version") =>
        NotFound("version_not_found", $"Agent \"{name}\" has no version {version}; its versions are 1 to {latest}.", member);

    internal static AgentRefusal NotYours(string name) =>
        new(403, "agent_not_allowed", $"This key is made for some agents only, and \"{name}\" is none of them; use a key whose \"agents\" name it.", "name");

    internal static AgentRefusal Of(AgentWrite write, string name, string type, int version, AgentQuota quota) => write.Status switch
    {
        AgentWriteStatus.Missing => Missing(name),
        AgentWriteStatus.Taken when write.State!.Archived => Conflict(
            "agent_exists", $"The name \"{name}\" belongs to an archived agent; POST /api/v1/agents/{name}/activate with {{\"version\":{write.State.Active}}} brings it back, or choose another name.", "name"),
        AgentWriteStatus.Taken => Conflict("agent_exists", $"There is an agent \"{name}\" already; POST /api/v1/agents/{name}/versions adds a version to it, or choose another name.", "name"),
        AgentWriteStatus.Archived => Conflict("agent_archived", $"Agent \"{name}\" is archived; POST /api/v1/agents/{name}/activate with one of its versions brings it back, then add versions.", "name"),
        AgentWriteStatus.Conflict => new AgentRefusal(
            412, "version_conflict",
            $"Agent \"{name}\" is at {write.State!.Tag} now (version {write.State.Active} answers, {write.State.Latest} is the newest{(write.State.Archived ? ", archived" : "")}); read it again and repeat the change with that If-Match.", "If-Match"),
        AgentWriteStatus.NoSuchVersion => NoSuchVersion(name, version.ToString(System.Globalization.CultureInfo.InvariantCulture), write.State!.Latest),
        AgentWriteStatus.TooManyAgents => Conflict(
            "too_many_agents", $"This tenant has {quota.Agents} agents, as many as it may; archive some with DELETE /api/v1/agents/{{name}}, or ask the operator to raise Agents:MaxPerTenant.", "name"),
        AgentWriteStatus.TooManyTypes => Conflict(
            "too_many_types", $"\"{type}\" would be one type too many: each is a label of every metric, and a tenant may have {quota.Types}. Use one of {string.Join(", ", write.Types!)}, or ask the operator to raise Agents:MaxTypesPerTenant.", "type"),
        _ => throw new InvalidOperationException($"{write.Status} is no failure."),
    };

    private static AgentRefusal NotFound(string code, string message, string param) => new(404, code, message, param);

    private static AgentRefusal Conflict(string code, string message, string param) => new(409, code, message, param);
}
