using System.Runtime.CompilerServices;
using System.Threading.Channels;
using AgentSystem.ServiceDefaults.Inference.Onnx;
using AgentSystem.ServiceDefaults.Inference.Onnx.Engine;
using AgentSystem.ServiceDefaults.Inference.Onnx.Prompting;
using Microsoft.Extensions.AI;
using Microsoft.ML.OnnxRuntimeGenAI;

namespace AgentSystem.ServiceDefaults.Inference.OnnxGenAI;

/// <summary>
/// A model on the graphics processor: one generator per answer on a shared model, as many at a time as there are slots. The prompt, the reading of calls and
/// their checking are those of the other engine; the decoding itself is GenAI's and restricts nothing, so a call that does not fit comes out as text.
/// </summary>
internal sealed class OnnxGenAIModel : IFolderModel
{
    private const string Cuda = "cuda";

    private readonly ModelText _text;
    private readonly Model _model;
    private readonly int _contextTokens;
    private readonly SemaphoreSlim _slots;

    private OnnxGenAIModel(ModelText text, Model model, int slots, int contextTokens)
    {
        (_text, _model, _contextTokens) = (text, model, contextTokens);
        _slots = new SemaphoreSlim(slots, slots);
    }

    /// <summary>Reads a folder into the memory of the graphics processor.</summary>
    /// <exception cref="InvalidDataException">Its tokenizer or template is of an unknown kind.</exception>
    /// <exception cref="OnnxRuntimeGenAIException">The model cannot be loaded, e.g. because there is no such processor.</exception>
    public static OnnxGenAIModel Load(string name, string folder, int slots, int contextTokens)
    {
        Utils.DisableTelemetryEvents();
        var text = ModelText.Load(name, folder, GenAIConfig.Read(folder), contextTokens);
        using var config = new Config(folder);
        // Keeps the options of a folder that was exported for CUDA; adds the provider to one that was not.
        config.AppendProvider(Cuda);
        return new OnnxGenAIModel(text, new Model(config), slots, contextTokens);
    }

    public FolderAnswer Start(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellation)
    {
        var turn = _text.Turns.Build(messages, options);
        var reader = _text.Reader(turn, options);
        int[] prompt = [.. turn.Prompt];
        if (turn.MustCall && _text.Tokens.CallOpen >= 0 && prompt.Length + 1 < _contextTokens)
        {
            // A demanded call begins in the prompt, so that the model can only go on with it.
            prompt = [.. prompt, _text.Tokens.CallOpen];
            reader.Read(_text.Tokens.CallOpen);
        }

        var end = DecodeEnd.Stopped;
        return new FolderAnswer(turn.Prompt.Count, reader, DecodeAsync(prompt, options, last => end = last, cancellation), () => end, turn.MustCall);
    }

    public void Dispose()
    {
        _model.Dispose();
        _slots.Dispose();
    }

    private async IAsyncEnumerable<DecodedToken> DecodeAsync(
        int[] prompt, ChatOptions? options, Action<DecodeEnd> ended, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await _slots.WaitAsync(cancellation).ConfigureAwait(false);
        var tokens = Channel.CreateUnbounded<DecodedToken>(new() { SingleReader = true, SingleWriter = true });
        // The generator blocks: it gets a thread of its own and is gone before the slot is given on.
        var work = Task.Factory.StartNew(() => Decode(prompt, options, tokens.Writer, ended, cancellation), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            await foreach (var token in tokens.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                yield return token;
            }
        }
        finally
        {
            await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _slots.Release();
        }
    }

    private void Decode(int[] prompt, ChatOptions? options, ChannelWriter<DecodedToken> tokens, Action<DecodeEnd> ended, CancellationToken cancellation)
    {
        try
        {
            using var settings = Settings(prompt.Length, options);
            using var generator = new Generator(_model, settings);
            generator.AppendTokens(prompt);
            while (!generator.IsDone())
            {
                cancellation.ThrowIfCancellationRequested();
                var before = generator.TokenCount();
                generator.GenerateNextToken();
                if (generator.TokenCount() == before)
                {
                    // The token that ends an answer is not appended: reading the sequence now would repeat the last one.
                    break;
                }

                var token = generator.GetSequence(0)[^1];
                if (_text.Tokens.Ends.Contains(token))
                {
                    break;
                }

                tokens.TryWrite(new DecodedToken(token, float.NaN));
                if (token == _text.Tokens.CallClose)
                {
                    break;
                }

                if (generator.IsDone())
                {
                    ended(DecodeEnd.Length);
                }
            }

            tokens.TryComplete();
        }
        catch (Exception error)
        {
            tokens.TryComplete(error);
        }
    }

    private GeneratorParams Settings(int promptTokens, ChatOptions? options)
    {
        var settings = new GeneratorParams(_model);
        settings.SetSearchOption("max_length", (double)Math.Min(_contextTokens, promptTokens + (long)(options?.MaxOutputTokens ?? _contextTokens)));
        var sample = options?.Temperature is > 0;
        settings.SetSearchOption("do_sample", sample);
        if (sample)
        {
            settings.SetSearchOption("temperature", options!.Temperature!.Value);
            settings.SetSearchOption("top_p", options.TopP ?? 1);
            settings.SetSearchOption("top_k", options.TopK ?? 0);
            if (options.Seed is { } seed)
            {
                settings.SetSearchOption("random_seed", seed);
            }
        }

        return settings;
    }
}
