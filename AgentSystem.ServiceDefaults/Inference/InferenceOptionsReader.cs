using System.ComponentModel;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace AgentSystem.ServiceDefaults.Inference;

/// <summary>
/// Reads <c>Models:&lt;name&gt;:&lt;key&gt;</c>. The framework's binder would stop at the first value it cannot convert and pass over unknown keys in
/// silence; here both become errors that are reported together with the rest.
/// </summary>
internal sealed class InferenceOptionsReader(IConfigurationSection section) : IConfigureOptions<InferenceOptions>
{
    /// <summary>Name of the shipped model, which the seeded agents ask for; a configured model of that name takes its place.</summary>
    public const string DefaultModel = "small";

    /// <summary>Name of the vectors offered when no embedding model is configured.</summary>
    public const string DefaultEmbedder = "embed";

    private static readonly PropertyInfo[] Keys = typeof(ModelOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance);

    public void Configure(InferenceOptions options)
    {
        foreach (var model in section.GetChildren())
        {
            options.Models[model.Key] = Read(model, options.Unreadable);
        }

        var embeds = options.Models.Values.Any(static model => ModelKinds.IsEmbedding(model.Kind));
        // Beside models of the operator's own it is left out where it was not shipped: nobody may have asked for it.
        if (ShippedModel.IsThere || options.Models.Values.All(static model => ModelKinds.IsEmbedding(model.Kind)))
        {
            options.Models.TryAdd(DefaultModel, new ModelOptions { Provider = ModelProviders.Onnx, Path = ShippedModel.Folder });
        }

        if (!embeds)
        {
            options.Models.TryAdd(DefaultEmbedder, new ModelOptions { Provider = ModelProviders.Hashed, Kind = ModelKinds.Embedding });
        }
    }

    private static ModelOptions Read(IConfigurationSection model, List<string> unreadable)
    {
        var read = new ModelOptions();
        foreach (var entry in model.GetChildren())
        {
            var key = Array.Find(Keys, known => string.Equals(known.Name, entry.Key, StringComparison.OrdinalIgnoreCase));
            if (key is null)
            {
                unreadable.Add($"{entry.Path}: there is no such setting. Known are {string.Join(", ", Keys.Select(known => known.Name))}.");
            }
            else if (!string.IsNullOrWhiteSpace(entry.Value))
            {
                SetValue(read, key, entry, unreadable);
            }
        }

        return read;
    }

    private static void SetValue(ModelOptions read, PropertyInfo key, IConfigurationSection entry, List<string> unreadable)
    {
        var type = Nullable.GetUnderlyingType(key.PropertyType) ?? key.PropertyType;
        var converter = TypeDescriptor.GetConverter(type);
        if (!converter.IsValid(entry.Value!.Trim()))
        {
            unreadable.Add($"{entry.Path}: '{entry.Value}' is not {(type == typeof(int) ? "a whole number" : type == typeof(bool) ? "true or false" : "a number")}.");
            return;
        }

        key.SetValue(read, converter.ConvertFromInvariantString(entry.Value.Trim()));
    }
}
