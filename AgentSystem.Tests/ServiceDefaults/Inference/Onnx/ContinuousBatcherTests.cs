using AgentSystem.Contracts.Models;
using AgentSystem.ServiceDefaults.Inference;
using AgentSystem.ServiceDefaults.Inference.Onnx;
using AgentSystem.ServiceDefaults.Inference.Onnx.Engine;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AgentSystem.Tests.ServiceDefaults.Inference.Onnx;

public sealed class ContinuousBatcherTests
{
    private static readonly string[] Prompts =
    [
        "Hi", "What is 17 times 23?", "Please remember that the key to the garden shed lies under the third flower pot on the left, will you?",
        "When is my sister's birthday?", "What time is it in Oslo?", "Tell me a very long story about nothing in particular", "a", "12/4",
    ];

    [Fact]
    public async Task Decode_RaggedBatch_EqualsEachAnswerAlone()
    {
        var alone = new List<int[]>();
        using (var single = Open(slots: 1))
        {
            foreach (var prompt in Prompts)
            {
                alone.Add(await Decode(single, prompt));
            }
        }

        using var batch = Open(slots: Prompts.Length);
        var together = await Task.WhenAll(Prompts.Select(prompt => Decode(batch, prompt)));
        Assert.All(Enumerable.Range(0, Prompts.Length), i => Assert.Equal(alone[i], together[i]));
    }

    [Fact]
    public async Task Decode_MoreRequestsThanSlots_AnswersThemAll()
    {
        using var batcher = Open(slots: 2);
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Decode(batcher, Prompts[i % Prompts.Length])));
        Assert.All(Enumerable.Range(0, 12), i => Assert.Equal(answers[i % Prompts.Length], answers[i]));
        Assert.Equal((0, 0), (batcher.Occupied, batcher.Waiting));
    }

    [Fact]
    public async Task Cancel_AnswerUnderWay_FreesItsSlot()
    {
        using var batcher = new ContinuousBatcher(FakeDecoderModel.Random(32, seed: 1, slots: 1, contextTokens: 1_000_000), "fake", 8, NullLogger.Instance);
        using var hangUp = new CancellationTokenSource();
        var endless = Request([1, 2, 3], 900_000, hangUp.Token);
        batcher.Submit(endless);
        await endless.Tokens.ReadAsync();
        var next = Request([4], 5, CancellationToken.None);
        batcher.Submit(next);
        await hangUp.CancelAsync();
        Assert.Equal(5, await next.Tokens.ReadAllAsync().CountAsync());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await endless.Tokens.ReadAllAsync().CountAsync());
        Assert.Equal(0, batcher.Occupied);
    }

    [Fact]
    public async Task Submit_FullQueue_SaysBusyAndLosesNothing()
    {
        using var batcher = new ContinuousBatcher(FakeDecoderModel.Random(32, seed: 1, slots: 1, contextTokens: 1_000_000), "fake", longestQueue: 1, NullLogger.Instance);
        using var hangUp = new CancellationTokenSource();
        var endless = Request([1], 900_000, hangUp.Token);
        batcher.Submit(endless);
        await endless.Tokens.ReadAsync();
        var waiting = Request([2], 3, CancellationToken.None);
        batcher.Submit(waiting);
        Assert.Throws<ModelBusyException>(() => batcher.Submit(Request([3], 3, CancellationToken.None)));
        await hangUp.CancelAsync();
        Assert.Equal(3, await waiting.Tokens.ReadAllAsync().CountAsync());
    }

    [Fact]
    public async Task Step_ModelFails_EndsTheAnswersAndServesTheNext()
    {
        var failing = true;
        using var batcher = new ContinuousBatcher(
            new FakeDecoderModel(8, 2, 64, (_, logits) =>
            {
                logits[3] = 1;
                if (failing)
                {
                    failing = false;
                    throw new InvalidOperationException("no memory");
                }
            }),
            "fake", 8, NullLogger.Instance);
        var broken = Request([1], 4, CancellationToken.None);
        batcher.Submit(broken);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await broken.Tokens.ReadAllAsync().CountAsync());
        var next = Request([1], 4, CancellationToken.None);
        batcher.Submit(next);
        Assert.Equal(4, await next.Tokens.ReadAllAsync().CountAsync());
    }

    [Fact]
    public async Task Dispose_AnswerUnderWay_EndsItAndTheModel()
    {
        var model = FakeDecoderModel.Random(32, seed: 1, contextTokens: 1_000_000);
        var batcher = new ContinuousBatcher(model, "fake", 8, NullLogger.Instance);
        var endless = Request([1], 900_000, CancellationToken.None);
        batcher.Submit(endless);
        await endless.Tokens.ReadAsync();
        batcher.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await endless.Tokens.ReadAllAsync().CountAsync());
        Assert.True(model.IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => batcher.Submit(Request([1], 1, CancellationToken.None)));
    }

    private static ContinuousBatcher Open(int slots) =>
        new(new OnnxDecoderModel(TestModels.Folder, TestModels.Config, slots, 512), "small", 64, NullLogger.Instance);

    private static async Task<int[]> Decode(ContinuousBatcher batcher, string text)
    {
        var prompt = TestModels.Tokenizer.EncodeMarkup($"<|im_start|>user\n{text}<|im_end|>\n<|im_start|>assistant\n");
        var request = new DecodeRequest(prompt, 60, TestModels.Tokens.Ends, SamplingSettings.Greedy, new NoRules(), CancellationToken.None);
        batcher.Submit(request);
        return await request.Tokens.ReadAllAsync().Select(token => token.Id).ToArrayAsync();
    }

    private static DecodeRequest Request(int[] prompt, int outputTokens, CancellationToken cancellation) =>
        new(prompt, outputTokens, new HashSet<int>(), SamplingSettings.Greedy, new NoRules(), cancellation);

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
