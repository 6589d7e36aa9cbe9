using AgentSystem.Contracts.Models;
using AgentSystem.ServiceDefaults.Inference;
using AgentSystem.ServiceDefaults.Inference.Onnx;
using AgentSystem.ServiceDefaults.Inference.Onnx.Embedding;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentSystem.Tests.ServiceDefaults.Inference.Onnx;

public sealed class OnnxEmbeddingTests : IDisposable
{
    private static readonly string[] Words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "cat", "dog", "##s"];

    // [PAD] is far from everything: a mean that counts padding shows at once. [CLS] and [SEP] are zero but for the last number.
    private static readonly float[][] Table = [[9, 9, 9, 9], [0, 0, 1, 0], [0, 0, 0, 1], [0, 0, 0, 1], [0, 0, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0]];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("vectors");

    public OnnxEmbeddingTests()
    {
        Write("model.onnx", WireModel.Lookup(Table));
        Write("vocab.txt", string.Join('\n', Words) + "\n");
    }

    [Fact]
    public async Task Generate_TextsOfDifferentLength_AreTheMeanOfTheirOwnTokensOnly()
    {
        using var generator = Open();
        var made = await generator.GenerateAsync(["cat", "Cats dog dog"]);

        // [CLS] cat [SEP], then [CLS] cat ##s dog dog [SEP], each scaled to length 1.
        Near(Scaled(1, 0, 0, 2), made[0].Vector);
        Near(Scaled(1, 2, 0, 2), made[1].Vector);
        Assert.Equal(9, made.Usage!.InputTokenCount);
    }

    [Theory]
    [InlineData("1_Pooling/config.json", """{"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false}""")]
    [InlineData("agentsystem.json", """{"pooling": "cls"}""")]
    public async Task Generate_WithClsPooling_TakesTheFirstToken(string file, string text)
    {
        Write(file, text);
        using var generator = Open();
        Near(Scaled(0, 0, 0, 1), (await generator.GenerateAsync(["cat dog"]))[0].Vector);
    }

    [Fact]
    public async Task Generate_FromATokenizerJson_GivesTheSameVectors()
    {
        using var plain = Open();
        var expected = (await plain.GenerateAsync(["Cats, dogs."]))[0].Vector.ToArray();
        File.Delete(Path.Combine(folder.FullName, "vocab.txt"));
        var vocabulary = string.Join(',', Words.Select((word, id) => $"\"{word}\":{id}"));
        Write("tokenizer.json", $$$"""{"normalizer":{"type":"BertNormalizer","lowercase":true},"model":{"type":"WordPiece","vocab":{ {{{vocabulary}}} } } }""");
        using var json = Open();
        Assert.Equal(expected, (await json.GenerateAsync(["Cats, dogs."]))[0].Vector.ToArray());
    }

    [Fact]
    public async Task Generate_ATextLongerThanTheModel_IsRefusedWithItsLength()
    {
        Write("sentence_bert_config.json", """{"max_seq_length": 4}""");
        using var generator = Open();
        var error = await Assert.ThrowsAsync<ModelInputTooLongException>(() => generator.GenerateAsync(["cat cat cat"]));
        Assert.Equal((5, 4), (error.PromptTokens, error.ContextTokens));
    }

    [Fact]
    public async Task Generate_AccentsAndCapitals_AreTheSameWordsToAModelWithoutThem()
    {
        using var generator = Open();
        var made = await generator.GenerateAsync(["cat dogs", "CÄT Döĝs"]);
        Assert.Equal(made[0].Vector.ToArray(), made[1].Vector.ToArray());
    }

    [Fact]
    public async Task Generate_ManyTexts_KeepTheirOrder()
    {
        using var generator = Open();
        var made = await generator.GenerateAsync(Enumerable.Range(0, 50).Select(index => string.Join(' ', Enumerable.Repeat(index % 2 == 0 ? "cat" : "dog", 1 + (index % 7)))));
        Assert.All(made.Select((each, index) => (each, index)), pair => Assert.True(pair.each.Vector.Span[pair.index % 2] > pair.each.Vector.Span[1 - (pair.index % 2)]));
    }

    [Fact]
    public async Task Generate_ShorterVectors_AreScaledAgain()
    {
        using var generator = Open();
        Near([1f, 0f], (await generator.GenerateAsync(["cat"], new() { Dimensions = 2 }))[0].Vector);
    }

    [Theory]
    [InlineData("tokenizer.json", """{"model":{"type":"Unigram","vocab":[]}}""", "not WordPiece")]
    [InlineData("agentsystem.json", """{"pooling":"max"}""", "pooling 'max' is unknown")]
    [InlineData("1_Pooling/config.json", """{"pooling_mode_max_tokens": true}""", "other poolings are not known")]
    public async Task Open_AFolderOfAnotherKind_SaysWhy(string file, string text, string expected)
    {
        Write(file, text);
        if (file == "tokenizer.json")
        {
            File.Delete(Path.Combine(folder.FullName, "vocab.txt"));
        }

        var error = await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            using var generator = Open();
            await generator.GenerateAsync(["cat"]);
        });
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_AFailureThatWasMended_SucceedsTheNextTime()
    {
        File.Move(Path.Combine(folder.FullName, "model.onnx"), Path.Combine(folder.FullName, "away"));
        Write("model.onnx", "no model");
        using var generator = Open();
        var loadable = (ILoadableModel)generator.GetService(typeof(ILoadableModel))!;
        await Assert.ThrowsAnyAsync<Exception>(() => loadable.LoadAsync(CancellationToken.None));
        File.Move(Path.Combine(folder.FullName, "away"), Path.Combine(folder.FullName, "model.onnx"), overwrite: true);
        await loadable.LoadAsync(CancellationToken.None);
        Assert.Single(await generator.GenerateAsync(["cat"]));
    }

    [Fact]
    public void Check_AFolderWithoutAVocabulary_SaysWhatItLacks()
    {
        File.Delete(Path.Combine(folder.FullName, "vocab.txt"));
        var mistakes = new OnnxModelProvider(TimeProvider.System, NullLoggerFactory.Instance).Check("Models:v", Settings());
        Assert.Contains("lacks tokenizer.json or vocab.txt", Assert.Single(mistakes), StringComparison.Ordinal);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static float[] Scaled(params float[] numbers) => [.. numbers.Select(number => number / MathF.Sqrt(numbers.Sum(each => each * each)))];

    private static void Near(float[] expected, ReadOnlyMemory<float> vector) =>
        Assert.All(expected.Zip(vector.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 0.0001f));

    private ModelOptions Settings() => new() { Provider = "onnx", Kind = "embedding", Path = folder.FullName };

    private IEmbeddingGenerator<string, Embedding<float>> Open() => new OnnxModelProvider(TimeProvider.System, NullLoggerFactory.Instance).CreateEmbedder("v", Settings()).Generator;

    private void Write(string file, string text) => Write(file, System.Text.Encoding.UTF8.GetBytes(text));

    private void Write(string file, byte[] bytes)
    {
        var path = Path.Combine(folder.FullName, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }
}
