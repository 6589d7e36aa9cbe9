namespace AgentSystem.Runtime.Egress;

/// <summary>An outgoing connection that the rule forbids; the message names the cure.</summary>
public sealed class EgressRefusedException(string message) : Exception(message);
