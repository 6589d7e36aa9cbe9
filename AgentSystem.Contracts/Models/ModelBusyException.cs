namespace AgentSystem.Contracts.Models;

/// <summary>The model's queue is full. Nothing was computed; trying again later, or elsewhere, may help.</summary>
/// <param name="model">The configured name.</param>
/// <param name="waiting">Requests already waiting.</param>
public sealed class ModelBusyException(string model, int waiting)
    : Exception($"{waiting} requests are already waiting for the model '{model}'. Try again shortly, raise Models:{model}:Slots, or add an instance.")
{
    /// <summary>Requests already waiting.</summary>
    public int Waiting { get; } = waiting;
}
