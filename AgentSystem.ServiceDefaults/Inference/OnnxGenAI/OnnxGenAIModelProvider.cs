using AgentSystem.ServiceDefaults.Inference.Onnx;
using Microsoft.Extensions.AI;

namespace AgentSystem.ServiceDefaults.Inference.OnnxGenAI;

/// <summary>Model folders run on the graphics processor by ONNX Runtime GenAI.</summary>
internal sealed class OnnxGenAIModelProvider(TimeProvider time) : IModelProvider
{
    public string Name => ModelProviders.OnnxGenAI;

    public IEnumerable<string> Check(string at, ModelOptions settings) => OnnxModelProvider.CheckFolder(at, settings);

    public (ConfiguredModel Model, IChatClient Client) Create(string name, ModelOptions settings)
    {
        var (model, folder) = OnnxModelProvider.Describe(name, Name, settings);
        return (model, new FolderChatClient(model, () => OnnxGenAIModel.Load(name, folder, settings.Slots, model.ContextTokens!.Value), time));
    }
}
