using Microsoft.Extensions.AI;

namespace AgentSystem.ServiceDefaults.Inference;

/// <summary>Builds clients of one kind of model. One implementation per vendor, found by <see cref="Name"/>.</summary>
internal interface IModelProvider
{
    /// <summary>What stands in <c>Models:&lt;name&gt;:Provider</c>.</summary>
    string Name { get; }

    /// <summary>The values of <c>Models:&lt;name&gt;:Kind</c> it can serve.</summary>
    IReadOnlyList<string> Kinds => [ModelKinds.Chat];

    /// <summary>The mistakes in a model's settings, each starting with <paramref name="at"/> (its place in the configuration) and naming the cure.</summary>
    IEnumerable<string> Check(string at, ModelOptions settings);

    /// <summary>Describes and builds a model that answers conversations; called once, with settings that passed <see cref="Check"/>. Loads nothing heavy.</summary>
    (ConfiguredModel Model, IChatClient Client) Create(string name, ModelOptions settings);

    /// <summary>Describes and builds a model that turns texts into vectors; called once, only where <see cref="Kinds"/> names it.</summary>
    EmbeddingModel CreateEmbedder(string name, ModelOptions settings) => throw new NotSupportedException($"The provider '{Name}' makes no vectors.");
}

/// <summary>A model that turns texts into vectors, and what is known of them.</summary>
/// <param name="Model">As configured.</param>
/// <param name="Generator">Makes the vectors; the registry owns it.</param>
/// <param name="Dimensions">Numbers in a vector; null when only its provider knows.</param>
/// <param name="Truncates">True when it can be asked for shorter vectors.</param>
public sealed record EmbeddingModel(ConfiguredModel Model, IEmbeddingGenerator<string, Embedding<float>> Generator, int? Dimensions, bool Truncates);
