using AgentSystem.ServiceDefaults.Inference.Onnx.Engine;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace AgentSystem.ServiceDefaults.Inference.Onnx;

/// <summary>A model in memory: its words, its template and its decoding loop.</summary>
internal sealed class OnnxModel : IFolderModel
{
    /// <summary>Longest context unless the settings ask for a longer one: every slot holds a cache of that length.</summary>
    private const int DefaultContextTokens = 8192;

    /// <summary>Requests that may wait for a slot; beyond that a caller is better told at once.</summary>
    private const int LongestQueue = 256;

    private readonly ModelText _text;
    private readonly IDecoderModel _decoder;
    private readonly bool _freely;

    /// <summary>Assembles a model. It owns the decoder.</summary>
    /// <param name="freely">Calls and copied values are not restricted inside, as a measure of what the restriction brings.</param>
    public OnnxModel(string name, ModelText text, IDecoderModel decoder, ILogger logger, bool freely = false)
    {
        (_text, _decoder, _freely) = (text, decoder, freely);
        Batcher = new ContinuousBatcher(decoder, name, LongestQueue, logger);
    }

    /// <summary>The decoding loop.</summary>
    public ContinuousBatcher Batcher { get; }

    /// <summary>The context a model gets: what the settings ask for, within what the folder allows.</summary>
    public static int ContextOf(GenAIConfig config, int? wanted) => Math.Min(config.ContextTokens, wanted ?? DefaultContextTokens);

    /// <summary>Reads a folder into memory.</summary>
    /// <exception cref="InvalidDataException">It holds something the engine cannot run; the message says what.</exception>
    public static OnnxModel Load(string name, string folder, int slots, int contextTokens, ILogger logger, bool freely = false)
    {
        var config = GenAIConfig.Read(folder);
        var text = ModelText.Load(name, folder, config, contextTokens);
        return new OnnxModel(name, text, new OnnxDecoderModel(folder, config, slots, contextTokens), logger, freely);
    }

    public FolderAnswer Start(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellation)
    {
        var turn = _text.Turns.Build(messages, options);
        var room = _decoder.ContextTokens - turn.Prompt.Count;
        var request = new DecodeRequest(
            turn.Prompt,
            Math.Min(options?.MaxOutputTokens ?? room, room),
            _text.Tokens.Ends,
            Sampling(options),
            _text.Rules(turn, _freely),
            cancellation);
        Batcher.Submit(request);
        return new FolderAnswer(turn.Prompt.Count, _text.Reader(turn, options), request.Tokens.ReadAllAsync(cancellation), () => request.End, turn.MustCall);
    }

    public void Dispose() => Batcher.Dispose();

    private static SamplingSettings Sampling(ChatOptions? options) => options?.Temperature is > 0 and var temperature
        ? new SamplingSettings(
            temperature,
            options.TopP ?? 1,
            options.TopK,
            (int)(options.Seed ?? System.Security.Cryptography.RandomNumberGenerator.GetInt32(int.MaxValue)))
        : SamplingSettings.Greedy;
}
