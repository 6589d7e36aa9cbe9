using Microsoft.Extensions.AI;

namespace AgentSystem.ServiceDefaults.Inference;

/// <summary>Builds clients of one kind of model. One implementation per vendor, found by <see cref="Name"/>.</summary>
internal interface IModelProvider
{
    /// <summary>What stands in <c>Models:&lt;name&gt;:Provider</c>.</summary>
    string Name { get; }

    /// <summary>The mistakes in a model's settings, each starting with <paramref name="at"/> (its place in the configuration) and naming the cure.</summary>
    IEnumerable<string> Check(string at, ModelOptions settings);

    /// <summary>Describes and builds the model; called once, with settings that passed <see cref="Check"/>. Loads nothing heavy.</summary>
    (ConfiguredModel Model, IChatClient Client) Create(string name, ModelOptions settings);
}
