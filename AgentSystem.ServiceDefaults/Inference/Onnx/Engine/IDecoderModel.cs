namespace AgentSystem.ServiceDefaults.Inference.Onnx.Engine;

/// <summary>
/// A decoder-only language model with a fixed number of slots, each holding the keys and values of one sequence. Not thread-safe: one loop drives it.
/// </summary>
internal interface IDecoderModel : IDisposable
{
    /// <summary>Length of a row of logits.</summary>
    int VocabularySize { get; }

    /// <summary>Tokens a slot can hold.</summary>
    int ContextTokens { get; }

    /// <summary>Sequences held at the same time.</summary>
    int Slots { get; }

    /// <summary>Most tokens one <see cref="Prefill"/> takes.</summary>
    int PrefillTokens { get; }

    /// <summary>Appends tokens to a slot that holds <paramref name="past"/> of them, and writes the logits after the last one.</summary>
    void Prefill(int slot, int past, ReadOnlySpan<int> tokens, Span<float> logits);

    /// <summary>
    /// Appends one token to each of the slots 0 to <c>steps.Length - 1</c> in one run, and writes a row of logits for each. A slot without work gets any
    /// token at its own length: what is written there is overwritten by its next real token.
    /// </summary>
    void Decode(ReadOnlySpan<SlotStep> steps, Span<float> logits);
}

/// <summary>The next token of a slot and how many the slot holds already.</summary>
internal readonly record struct SlotStep(int Token, int Past);
