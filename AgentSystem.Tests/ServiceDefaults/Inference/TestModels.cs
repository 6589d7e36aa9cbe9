using AgentSystem.ServiceDefaults.Inference;
using AgentSystem.ServiceDefaults.Inference.Onnx;
using AgentSystem.ServiceDefaults.Inference.Onnx.Decoding;
using AgentSystem.ServiceDefaults.Inference.Onnx.Engine;
using AgentSystem.ServiceDefaults.Inference.Onnx.Tokenization;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentSystem.Tests.ServiceDefaults.Inference;

/// <summary>The shipped model, and stand-ins for the network behind its tokenizer.</summary>
internal static class TestModels
{
    private const string Name = "small";

    public static string Folder => ShippedModel.Folder;

    public static GenAIConfig Config => GenAIConfig.Read(Folder);

    public static BytePairTokenizer Tokenizer { get; } = new(TokenizerFile.Read(Path.Combine(Folder, "tokenizer.json")));

    public static TokenTable Tokens { get; } = Text(1024).Tokens;

    public static ModelText Text(int contextTokens) => ModelText.Load(Name, Folder, Config, contextTokens);

    /// <summary>A client over the shipped model.</summary>
    public static FolderChatClient Open(int slots = 8, bool freely = false) =>
        Client(() => OnnxModel.Load(Name, Folder, slots, OnnxModel.ContextOf(Config, null), NullLogger.Instance, freely));

    /// <summary>A client over a stand-in; the model is handed out so that its load can be watched.</summary>
    public static FolderChatClient Open(IDecoderModel decoder, out OnnxModel model)
    {
        var opened = new OnnxModel(Name, Text(decoder.ContextTokens), decoder, NullLogger.Instance);
        model = opened;
        return Client(() => opened);
    }

    private static FolderChatClient Client(Func<OnnxModel> load) =>
        new(new ConfiguredModel(Name, ModelProviders.Onnx, "assistant-small", Config.ContextTokens, 0, 0), load, TimeProvider.System);
}
