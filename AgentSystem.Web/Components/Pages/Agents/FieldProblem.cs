namespace AgentSystem.Web.Components.Pages.Agents;

/// <summary>What is missing or out of range in a form.</summary>
/// <param name="Words">For the person filling it in; names the cure.</param>
/// <param name="Field">Id of the element it is about.</param>
public sealed record FieldProblem(string Words, string Field);
