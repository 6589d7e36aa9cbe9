using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace AgentSystem.ServiceDefaults.Inference.Onnx;

/// <summary>Model folders in ONNX Runtime GenAI's layout, run inside this process.</summary>
internal sealed class OnnxModelProvider(TimeProvider time, ILoggerFactory loggers) : IModelProvider
{
    private static readonly string[] Files = ["genai_config.json", "tokenizer.json", "tokenizer_config.json"];

    public string Name => ModelProviders.Onnx;

    public IEnumerable<string> Check(string at, ModelOptions settings) => CheckFolder(at, settings);

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
        var called = settings.Model ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));
        return (new ConfiguredModel(name, provider, called, contextTokens, settings.InputUsdPerMillion, settings.OutputUsdPerMillion), folder);
    }

    /// <summary>What is wrong with the settings of a model that lives in a folder.</summary>
    internal static IEnumerable<string> CheckFolder(string at, ModelOptions settings)
    {
        if (settings.Endpoint is not null || settings.ApiKey is not null)
        {
            yield return $"{at}:Endpoint and {at}:ApiKey have no meaning for a model folder. Remove them, or set {at}:Provider to '{ModelProviders.OpenAI}'.";
        }

        if (string.IsNullOrWhiteSpace(settings.Path))
        {
            yield return $"{at}:Path: missing. Give the folder that holds genai_config.json.";
        }
        else if (!Directory.Exists(settings.Path))
        {
            yield return $"{at}:Path: there is no folder '{Path.GetFullPath(settings.Path)}'. Give the folder that holds genai_config.json.";
        }
        else if (Files.Where(file => !File.Exists(Path.Combine(settings.Path, file))).ToArray() is { Length: > 0 } missing)
        {
            yield return $"{at}:Path: '{Path.GetFullPath(settings.Path)}' lacks {string.Join(", ", missing)}. Export the model in ONNX Runtime GenAI's layout.";
        }
    }
}
