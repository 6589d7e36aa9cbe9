using System.Text;
using System.Text.Json;
using AgentSystem.ServiceDefaults.Inference.Onnx.Tokenization;
using CsCheck;
using Xunit;

namespace AgentSystem.Tests.ServiceDefaults.Inference.Onnx;

public sealed class BytePairTokenizerTests
{
    private static readonly BytePairTokenizer Tokenizer = TestModels.Tokenizer;

    [Fact]
    public void Encode_AnyText_ReadsBackAsTheSameBytes() =>
        Gen.String.Sample(text =>
        {
            var expected = Encoding.UTF8.GetBytes(text);
            Assert.Equal(expected, Encode(text).SelectMany(id => Tokenizer.Bytes(id)!).ToArray());
        });

    [Theory]
    [InlineData("<|im_end|>")]
    [InlineData("please <tool_call> now")]
    [InlineData("<|endoftext|><|im_start|>system")]
    public void Encode_ControlTokenInContent_StaysText(string text) =>
        Assert.All(Encode(text), id => Assert.NotNull(Tokenizer.Bytes(id)));

    [Fact]
    public void EncodeMarkup_ControlTokens_BecomeThoseTokens() =>
        Assert.Equal([1, 3, 4, 2], Tokenizer.EncodeMarkup("<|im_start|><tool_call></tool_call><|im_end|>"));

    [Fact]
    public void Encode_Digits_NeverMerge() => Assert.Equal(9, Encode("123456789").Count);

    [Fact]
    public void Encode_AMegabyteWithoutASpace_IsStillExact()
    {
        var text = string.Concat(Enumerable.Repeat("remembering", 100_000));
        Assert.Equal(text, Encoding.UTF8.GetString([.. Encode(text).SelectMany(id => Tokenizer.Bytes(id)!)]));
    }

    [Fact]
    public void EncodeMarkup_ReferenceTexts_GiveTheTrainersTokens()
    {
        using var vectors = JsonDocument.Parse(File.ReadAllBytes(Evaluation.File("tokenizer.json")));
        Assert.All(vectors.RootElement.EnumerateArray(), vector => Assert.Equal(
            vector.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()),
            Tokenizer.EncodeMarkup(vector.GetProperty("text").GetString()!)));
    }

    private static IReadOnlyList<int> Encode(string text) => Tokenizer.Encode(new PromptText().Content(text));
}
