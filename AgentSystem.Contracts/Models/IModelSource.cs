namespace AgentSystem.Contracts.Models;

/// <summary>The models a process can call, as its host offers them to the data plane. How a client looks is not said here: whoever calls it asks for it by its type.</summary>
public interface IModelSource
{
    /// <summary>All models, by name.</summary>
    IReadOnlyList<ModelView> Models { get; }

    /// <summary>A model's client of this type, by the model's configured name without regard to case; null where it has none. The source owns it: do not dispose it.</summary>
    T? Find<T>(string name)
        where T : class;

    /// <summary>What is known of the vectors of a model that makes some: how many numbers one has (null when only its provider knows), and whether shorter ones can be asked for.</summary>
    (int? Dimensions, bool Truncates) VectorsOf(string name);
}
