namespace AgentSystem.Control.Deployment;

/// <summary>One service opens connections to another one. Network policies are made of these and of nothing else.</summary>
/// <param name="Service">Whom it calls.</param>
/// <param name="Port">On which port.</param>
public sealed record ServiceReference(string Service, string Port);
