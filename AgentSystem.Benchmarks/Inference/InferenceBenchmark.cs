using System.Diagnostics;
using System.Numerics.Tensors;
using AgentSystem.ServiceDefaults.Inference;
using AgentSystem.ServiceDefaults.Inference.Onnx;
using AgentSystem.ServiceDefaults.Inference.Onnx.Engine;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentSystem.Benchmarks.Inference;

/// <summary>
/// What the engine costs above the network itself: the same session decodes the same prompts in a loop that does nothing else, and through the batcher with
/// its queue, slots, sampling, log-probabilities and channels. Both take turns within one run, so that a busy machine hits both.
/// </summary>
internal static class InferenceBenchmark
{
    private const int OutputTokens = 96;
    private const int Rounds = 9;
    private static readonly int[] Streams = [1, 4, 8];

    public static async Task<Report> RunAsync(CancellationToken cancellation)
    {
        var config = GenAIConfig.Read(ShippedModel.Folder);
        var text = ModelText.Load("small", ShippedModel.Folder, config, config.ContextTokens);
        var prompts = Enumerable.Range(0, Streams.Max())
            .Select(i => text.Tokenizer.EncodeMarkup($"<|im_start|>system\nTools: calculator, clock<|im_end|>\n<|im_start|>user\nWhat is {11 + i} times {37 * i}?<|im_end|>\n<|im_start|>assistant\n").ToArray())
            .ToArray();
        var model = new OnnxDecoderModel(ShippedModel.Folder, config, Streams.Max(), config.ContextTokens);
        using var batcher = new ContinuousBatcher(model, "small", Streams.Max(), NullLogger.Instance);
        var rows = new List<IReadOnlyList<object>>();
        foreach (var streams in Streams)
        {
            var samples = new List<(double Bare, double Engine, double FirstToken)>();
            for (var round = -1; round < Rounds; round++)
            {
                var bare = Bare(model, prompts[..streams]);
                var (engine, first) = await EngineAsync(batcher, prompts[..streams], cancellation);
                if (round >= 0)
                {
                    samples.Add((bare, engine, first));
                }
            }

            rows.Add([streams, Spread.Of(samples.Select(sample => sample.Bare)).Median, Spread.Of(samples.Select(sample => sample.Engine)).Median,
                Spread.Of(samples.Select(sample => sample.Engine / sample.Bare)), Spread.Of(samples.Select(sample => sample.FirstToken))]);
        }

        return new Report(
            "inference",
            $"{OutputTokens} tokens a stream, {Rounds} rounds after one to warm up, bare loop and engine in turns",
            ["streams", "bare tok/s", "engine tok/s", "engine to bare", "first token ms"],
            rows,
            ["medians over the rounds; the ratio is taken within each round. First token: of the slowest stream of a round. In brackets lowest and highest."],
            Rounds);
    }

    private static double Bare(OnnxDecoderModel model, int[][] prompts)
    {
        var width = model.VocabularySize;
        var logits = new float[prompts.Length * width];
        var steps = new SlotStep[prompts.Length];
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < prompts.Length; i++)
        {
            model.Prefill(i, 0, prompts[i], logits.AsSpan(0, width));
            steps[i] = new SlotStep(TensorPrimitives.IndexOfMax(logits.AsSpan(0, width)), prompts[i].Length);
        }

        for (var produced = 1; produced < OutputTokens; produced++)
        {
            model.Decode(steps, logits);
            for (var i = 0; i < steps.Length; i++)
            {
                steps[i] = new SlotStep(TensorPrimitives.IndexOfMax(logits.AsSpan(i * width, width)), steps[i].Past + 1);
            }
        }

        return prompts.Length * OutputTokens / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<(double TokensPerSecond, double FirstTokenMs)> EngineAsync(ContinuousBatcher batcher, int[][] prompts, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        var firsts = await Task.WhenAll(prompts.Select(async prompt =>
        {
            var request = new DecodeRequest(prompt, OutputTokens, new HashSet<int>(), SamplingSettings.Greedy, new NoRules(), cancellation);
            batcher.Submit(request);
            await request.Tokens.ReadAsync(cancellation);
            var first = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            await foreach (var _ in request.Tokens.ReadAllAsync(cancellation))
            {
            }

            return first;
        }));
        return (prompts.Length * OutputTokens / Stopwatch.GetElapsedTime(start).TotalSeconds, firsts.Max());
    }

    private sealed class NoRules : IDecodingRules
    {
        public bool IsComplete => false;

        public bool Allows(int token) => true;

        public void Accept(int token)
        {
        }

        public void Abandon()
        {
        }
    }
}
