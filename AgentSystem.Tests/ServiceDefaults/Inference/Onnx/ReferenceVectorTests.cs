using System.Text.Json;
using AgentSystem.ServiceDefaults.Inference.Onnx.Decoding;
using AgentSystem.ServiceDefaults.Inference.Onnx.Engine;
using Xunit;

namespace AgentSystem.Tests.ServiceDefaults.Inference.Onnx;

/// <summary>The trainer's own decoder wrote down what it computes; the engine computes the same.</summary>
public sealed class ReferenceVectorTests
{
    // The trainer multiplies in another order: the sums differ in the last digits.
    private const double Tolerance = 0.01;

    [Fact]
    public void Prefill_ReferencePrompts_GiveTheTrainersLogitsAndGreedyTokens()
    {
        using var vectors = JsonDocument.Parse(File.ReadAllBytes(Evaluation.File("reference.json")));
        using var model = new OnnxDecoderModel(TestModels.Folder, TestModels.Config, 1, TestModels.Config.ContextTokens);
        Assert.All(vectors.RootElement.EnumerateArray(), vector =>
        {
            var prompt = Ids(vector, "ids");
            Assert.Equal(prompt, TestModels.Tokenizer.EncodeMarkup(vector.GetProperty("prompt").GetString()!));
            var logits = new float[model.VocabularySize];
            model.Prefill(0, 0, prompt, logits);
            Assert.All(vector.GetProperty("logits").EnumerateArray().Select((value, token) => (value.GetDouble(), logits[token])), pair => Assert.Equal(pair.Item1, pair.Item2, Tolerance));
            Assert.Equal(Ids(vector, "greedy"), Greedy(model, prompt, logits));
        });
    }

    [Fact]
    public void Rules_ReferencePrompts_AllowWhatTheTrainersDecoderWrote()
    {
        using var vectors = JsonDocument.Parse(File.ReadAllBytes(Evaluation.File("reference.json")));
        var text = TestModels.Text(TestModels.Config.ContextTokens);
        Assert.All(vectors.RootElement.EnumerateArray(), vector =>
        {
            var sources = new CopySources(vector.GetProperty("user").GetString()!, vector.GetProperty("response").GetString());
            ToolSchema[] tools = [.. TestTools.All.Select(ToolSchema.Read)];
            var rules = text.Rules(new([], tools, sources, false, new(ToolCallFormat.Hermes, tools, sources)), freely: false);
            foreach (var token in Ids(vector, "spans").Where(_ => !rules.IsComplete))
            {
                Assert.True(rules.Allows(token), $"{vector.GetProperty("user")}: token {token}");
                rules.Accept(token);
            }
        });
    }

    private static int[] Ids(JsonElement vector, string key) => [.. vector.GetProperty(key).EnumerateArray().Select(id => id.GetInt32())];

    private static int[] Greedy(OnnxDecoderModel model, int[] prompt, float[] logits)
    {
        var answer = new List<int>();
        while (true)
        {
            var token = System.Numerics.Tensors.TensorPrimitives.IndexOfMax(logits.AsSpan());
            answer.Add(token);
            if (TestModels.Tokens.Ends.Contains(token) || answer.Count == 160)
            {
                return [.. answer];
            }

            model.Decode([new SlotStep(token, prompt.Length + answer.Count - 1)], logits);
        }
    }
}
