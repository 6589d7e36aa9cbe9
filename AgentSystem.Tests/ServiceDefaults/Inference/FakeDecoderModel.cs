using AgentSystem.ServiceDefaults.Inference.Onnx.Engine;

namespace AgentSystem.Tests.ServiceDefaults.Inference;

/// <summary>A network without weights: a function from the tokens a slot holds to logits.</summary>
internal sealed class FakeDecoderModel(int vocabulary, int slots, int contextTokens, FakeDecoderModel.Score score) : IDecoderModel
{
    private readonly List<int>[] _held = [.. Enumerable.Range(0, slots).Select(_ => new List<int>())];

    /// <summary>Fills the logits that follow the tokens.</summary>
    public delegate void Score(IReadOnlyList<int> tokens, Span<float> logits);

    public int VocabularySize => vocabulary;

    public int ContextTokens => contextTokens;

    public int Slots => slots;

    public int PrefillTokens => 16;

    public bool IsDisposed { get; private set; }

    /// <summary>Logits nobody trained, the same for the same tokens and seed.</summary>
    public static FakeDecoderModel Random(int vocabulary, int seed, int slots = 4, int contextTokens = 1024) => new(vocabulary, slots, contextTokens, (tokens, logits) =>
    {
        var random = new Random(HashCode.Combine(seed, tokens.Count, tokens[^1]));
        for (var i = 0; i < logits.Length; i++)
        {
            logits[i] = random.NextSingle();
        }
    });

    /// <summary>Says the given tokens after any prompt, whatever the rules, then the last one again and again.</summary>
    public static FakeDecoderModel Saying(int vocabulary, int promptTokens, IReadOnlyList<int> tokens, int slots = 4) => new(vocabulary, slots, 1024, (held, logits) =>
    {
        logits.Clear();
        logits[tokens[Math.Clamp(held.Count - promptTokens, 0, tokens.Count - 1)]] = 10;
    });

    public void Prefill(int slot, int past, ReadOnlySpan<int> tokens, Span<float> logits)
    {
        Hold(slot, past, tokens);
        score(_held[slot], logits);
    }

    public void Decode(ReadOnlySpan<SlotStep> steps, Span<float> logits)
    {
        for (var slot = 0; slot < steps.Length; slot++)
        {
            Hold(slot, steps[slot].Past, [steps[slot].Token]);
            score(_held[slot], logits.Slice(slot * vocabulary, vocabulary));
        }
    }

    public void Dispose() => IsDisposed = true;

    private void Hold(int slot, int past, ReadOnlySpan<int> tokens)
    {
        _held[slot].RemoveRange(past, _held[slot].Count - past);
        _held[slot].AddRange(tokens);
    }
}
