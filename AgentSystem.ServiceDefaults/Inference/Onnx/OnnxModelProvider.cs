using AgentSystem.ServiceDefaults.Inference.Onnx.Embedding;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace AgentSystem.ServiceDefaults.Inference.Onnx;

/// <summary>Model folders in ONNX Runtime GenAI's layout, run inside this process.</summary>
internal sealed class OnnxModelProvider(TimeProvider time, ILoggerFactory loggers) : IModelProvider
{
    private static readonly string[] Files = ["genai_config.json", "tokenizer.json", "tokenizer_config.json"];

    public string Name => ModelProviders.Onnx;

    public IReadOnlyList<string> Kinds => [ModelKinds.Chat, ModelKinds.Embedding];

    public IEnumerable<string> Check(string at, ModelOptions settings) => CheckFolder(at, settings);

    public EmbeddingModel CreateEmbedder(string name, ModelOptions settings)
    {
        var path = Path.GetFullPath(settings.Path!);
        var folder = EmbeddingFolder.Read(path);
        var model = new ConfiguredModel(name, Name, Called(settings, path), Math.Min(folder.MaxTokens, settings.ContextTokens ?? int.MaxValue), 0, 0);
        return new EmbeddingModel(model, new OnnxEmbeddingGenerator(model, () => OnnxEmbeddingModel.Load(folder), settings.Slots), Dimensions: null, settings.Truncates ?? false);
    }

    public (ConfiguredModel Model, IChatClient Client) Create(string name, ModelOptions settings)
    {
        var (model, folder) = Describe(name, Name, settings);
        var load = () => OnnxModel.Load(name, folder, settings.Slots, model.ContextTokens!.Value, loggers.CreateLogger<OnnxModel>());
        return (model, new FolderChatClient(model, load, time));
    }

    /// <summary>The model as configured, and its folder.</summary>
    internal static (ConfiguredModel Model, string Folder) Describe(string name, string provider, ModelOptions settings)
    {
        var folder = Path.GetFullPath(settings.Path!);
        var contextTokens = OnnxModel.ContextOf(GenAIConfig.Read(folder), settings.ContextTokens);
        return (new ConfiguredModel(name, provider, Called(settings, folder), contextTokens, 0, 0), folder);
    }

    private static string Called(ModelOptions settings, string folder) => settings.Model ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));

    /// <summary>What is wrong with the settings of a model that lives in a folder.</summary>
    internal static IEnumerable<string> CheckFolder(string at, ModelOptions settings)
    {
        if (settings.Endpoint is not null || settings.ApiKey is not null)
        {
            yield return $"{at}:Endpoint and {at}:ApiKey have no meaning for a model folder. Remove them, or set {at}:Provider to '{ModelProviders.OpenAI}'.";
        }

        var embeds = ModelKinds.IsEmbedding(settings.Kind);
        var marker = embeds ? "model.onnx" : "genai_config.json";
        if (string.IsNullOrWhiteSpace(settings.Path))
        {
            yield return $"{at}:Path: missing. Give the folder that holds {marker}.";
        }
        else if (!Directory.Exists(settings.Path))
        {
            yield return $"{at}:Path: there is no folder '{Path.GetFullPath(settings.Path)}'. Give the folder that holds {marker}.";
        }
        else if (embeds)
        {
            if (EmbeddingFolder.Missing(settings.Path) is { } lacking)
            {
                yield return $"{at}:Path: '{Path.GetFullPath(settings.Path)}' lacks {lacking}. Give a folder with an exported embedding model of the BERT family.";
            }
        }
        else if (Files.Where(file => !File.Exists(Path.Combine(settings.Path, file))).ToArray() is { Length: > 0 } missing)
        {
            yield return $"{at}:Path: '{Path.GetFullPath(settings.Path)}' lacks {string.Join(", ", missing)}. Export the model in ONNX Runtime GenAI's layout.";
        }
    }
}
