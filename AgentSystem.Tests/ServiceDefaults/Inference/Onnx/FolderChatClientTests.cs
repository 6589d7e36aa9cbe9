using AgentSystem.Contracts.Models;
using AgentSystem.ServiceDefaults.Inference;
using AgentSystem.ServiceDefaults.Inference.Onnx;
using Microsoft.Extensions.AI;
using Xunit;

namespace AgentSystem.Tests.ServiceDefaults.Inference.Onnx;

public sealed class FolderChatClientTests
{
    private const string Prompt = "What is 17 times 23?";

    private static readonly ChatOptions Options = new() { Tools = [.. TestTools.All], MaxOutputTokens = 80 };

    [Fact]
    public async Task Stream_OfAnAnswer_IsTheAnswer()
    {
        using var client = TestModels.Open();
        foreach (var prompt in new[] { Prompt, "Hello!", "What time is it in Oslo?" })
        {
            var whole = await client.GetResponseAsync(prompt, Options);
            var streamed = await client.GetStreamingResponseAsync(prompt, Options).ToChatResponseAsync();
            Assert.Equal(whole.Text, streamed.Text);
            Assert.Equal(whole.FinishReason, streamed.FinishReason);
            Assert.Equal(whole.Usage!.OutputTokenCount, streamed.Usage!.OutputTokenCount);
        }
    }

    [Fact]
    public async Task Answer_Always_CarriesUsageAndConfidence()
    {
        using var client = TestModels.Open();
        var answer = await client.GetResponseAsync(Prompt, Options);
        Assert.True(answer.Usage is { InputTokenCount: > 0, OutputTokenCount: > 0 } usage && usage.TotalTokenCount == usage.InputTokenCount + usage.OutputTokenCount);
        Assert.InRange((double)answer.AdditionalProperties![FolderChatClient.MeanLogProbability]!, -100, 0);
        Assert.Equal("assistant-small", answer.ModelId);
        var metadata = client.GetService<ChatClientMetadata>();
        Assert.Equal(("onnx", "assistant-small"), (metadata!.ProviderName, metadata.DefaultModelId));
    }

    [Fact]
    public async Task Seed_SameAndOther_GiveSameAndOtherAnswers()
    {
        using var client = TestModels.Open();
        async Task<string> Say(long seed) => (await client.GetResponseAsync("Hello!", new() { Temperature = 5, Seed = seed, MaxOutputTokens = 40 })).Text;
        Assert.Equal(await Say(1), await Say(1));
        Assert.NotEqual(await Say(1), await Say(2));
    }

    [Fact]
    public async Task MaxOutputTokens_Reached_EndsWithLength()
    {
        using var client = TestModels.Open(FakeDecoderModel.Random(TestModels.Tokenizer.VocabularySize, seed: 5), out _);
        var answer = await client.GetResponseAsync("Hello!", new() { MaxOutputTokens = 7 });
        Assert.Equal((ChatFinishReason.Length, 7L), (answer.FinishReason, answer.Usage!.OutputTokenCount));
    }

    [Fact]
    public async Task Input_LongerThanTheContext_IsRefusedWithItsLength()
    {
        using var client = TestModels.Open();
        var error = await Assert.ThrowsAsync<ModelInputTooLongException>(() => client.GetResponseAsync(string.Join(' ', Enumerable.Repeat("words", 3000))));
        Assert.True(error.PromptTokens >= error.ContextTokens);
        Assert.Equal(TestModels.Config.ContextTokens, error.ContextTokens);
    }

    [Fact]
    public async Task Input_WithAnImage_IsRefusedWithTheCure() =>
        await Assert.ThrowsAsync<NotSupportedException>(() => TestModels.Open().GetResponseAsync([new(ChatRole.User, [new DataContent("data:image/png;base64,AA==")])]));

    [Theory]
    [InlineData("naïve 🙂 東京!")]
    [InlineData("👩‍👩‍👧‍👦 family")]
    public async Task Stream_CharactersOfSeveralTokens_ArriveWhole(string text)
    {
        using var client = Saying(text, "Hello!");
        var pieces = await client.GetStreamingResponseAsync("Hello!").Select(update => update.Text).Where(piece => piece.Length > 0).ToListAsync();
        Assert.True(pieces.Count > 3);
        Assert.Equal(text, string.Concat(pieces));
        Assert.All(pieces, piece => Assert.DoesNotContain('\uFFFD', piece));
        Assert.All(pieces, piece => Assert.False(char.IsHighSurrogate(piece[^1]) || char.IsLowSurrogate(piece[0])));
    }

    [Fact]
    public async Task StopString_AcrossTokens_EndsTheAnswerAndStaysOut()
    {
        using var client = Saying("one two three four", "Hello!");
        var answer = await client.GetResponseAsync("Hello!", new() { StopSequences = ["o thr"] });
        Assert.Equal(("one tw", ChatFinishReason.Stop), (answer.Text, answer.FinishReason));
    }

    [Fact]
    public async Task SpanMarks_InAnAnswer_NeverReachTheCaller()
    {
        using var client = Saying("Say <|span|>Hello<|/span|>.", "Hello!");
        Assert.Equal("Say Hello.", (await client.GetResponseAsync("Hello!")).Text);
    }

    [Fact]
    public async Task Reader_WhoWalksAway_LeavesNoWork()
    {
        using var client = TestModels.Open(FakeDecoderModel.Random(TestModels.Tokenizer.VocabularySize, seed: 5, slots: 1, contextTokens: 100_000), out var model);
        await foreach (var _ in client.GetStreamingResponseAsync("Hello!"))
        {
            break;
        }

        // The single slot serves the next answer only if the first one was given up.
        await client.GetResponseAsync("Hello!", new() { MaxOutputTokens = 3 });
        Assert.Equal((0, 0), (model.Batcher.Occupied, model.Batcher.Waiting));
    }

    private static FolderChatClient Saying(string text, string prompt)
    {
        var turn = TestModels.Text(1024).Turns.Build([new(ChatRole.User, prompt)], null);
        return TestModels.Open(FakeDecoderModel.Saying(TestModels.Tokenizer.VocabularySize, turn.Prompt.Count, TestModels.Tokenizer.EncodeMarkup(text + "<|im_end|>")), out _);
    }
}
