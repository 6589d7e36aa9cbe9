namespace AgentSystem.Runtime.Agents;

/// <summary>Why a request about agents is not done. The edge says it in its own form; nothing of it is worth trying again unchanged.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">Stable code for programs.</param>
/// <param name="Message">For people; names the cure.</param>
/// <param name="Member">The member of the request it is about.</param>
public sealed record AgentRefusal(int Status, string Code, string Message, string? Member)
{
    internal static AgentRefusal Invalid(string code, string message, string member) => new(400, code, message, member);
}
