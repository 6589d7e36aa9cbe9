using AgentSystem.ServiceDefaults.Inference;
using AgentSystem.ServiceDefaults.Inference.Onnx;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentSystem.Benchmarks.ModelQuality;

/// <summary>The shipped model over its own test set, with and without the restriction of values to what the conversation holds.</summary>
internal static class ModelQualityBenchmark
{
    private const int Slots = 8;

    public static async Task<Report> RunAsync(CancellationToken cancellation)
    {
        var sentences = ToolExam.Read(FindTestSet());
        var spans = await AskAsync(sentences, freely: false, cancellation);
        var freely = await AskAsync(sentences, freely: true, cancellation);
        var free = ToolExam.Figures(freely).ToDictionary(figure => figure.Tool);
        return new Report(
            "model-quality",
            $"{sentences.Count} test sentences; exact: the tool, every argument, and the value in the final answer, in percent",
            ["tool", "sentences", "call exact", "exact", "gate", "free: call exact", "free: exact"],
            [.. ToolExam.Figures(spans).Select(figure => (IReadOnlyList<object>)
            [
                figure.Tool, figure.Sentences, figure.Calls, figure.Exact, QualityGate.Percent.TryGetValue(figure.Tool, out var gate) ? gate : "-",
                free[figure.Tool].Calls, free[figure.Tool].Exact,
            ]),
            ["all", spans.Count, Share(spans, result => result.CallIsExact), Share(spans, result => result.AnswerIsExact), QualityGate.Overall,
             Share(freely, result => result.CallIsExact), Share(freely, result => result.AnswerIsExact)]],
            ["The sentences missed are not printed: whoever trains must not see them."]);
    }

    private static double Share(IReadOnlyList<SentenceResult> results, Func<SentenceResult, bool> right) => 100.0 * results.Count(right) / results.Count;

    /// <summary>Asks the shipped model every sentence.</summary>
    public static async Task<IReadOnlyList<SentenceResult>> AskAsync(IReadOnlyList<TestSentence> sentences, bool freely, CancellationToken cancellation)
    {
        var config = GenAIConfig.Read(ShippedModel.Folder);
        using var client = new FolderChatClient(
            new ConfiguredModel("small", ModelProviders.Onnx, "assistant-small", config.ContextTokens, 0, 0),
            () => OnnxModel.Load("small", ShippedModel.Folder, Slots, config.ContextTokens, NullLogger.Instance, freely),
            TimeProvider.System);
        return await ToolExam.AskAsync(client, sentences, Slots, cancellation);
    }

    /// <summary>The test set, which stays in the repository: in a folder above this program.</summary>
    public static string FindTestSet()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "models", "assistant-small", "evaluation", "test.jsonl");
            if (File.Exists(path))
            {
                return path;
            }
        }

        throw new FileNotFoundException($"models/assistant-small/evaluation/test.jsonl stands in no folder above {AppContext.BaseDirectory}; run this from the repository.");
    }
}
