namespace AgentSystem.ServiceDefaults.Inference.Onnx.Tokenization;

/// <summary>A prompt in pieces that remember who wrote them: only markup of ours may contain control tokens.</summary>
internal sealed class PromptText
{
    private readonly List<Part> _parts = [];

    /// <summary>The pieces in order.</summary>
    public IReadOnlyList<Part> Parts => _parts;

    /// <summary>UTF-16 length of everything.</summary>
    public int Length { get; private set; }

    /// <summary>Appends text of the template, in which control tokens count.</summary>
    public PromptText Markup(string text) => Append(text, isMarkup: true);

    /// <summary>Appends text from outside, in which nothing counts as a control token.</summary>
    public PromptText Content(string text) => Append(text, isMarkup: false);

    private PromptText Append(string text, bool isMarkup)
    {
        _parts.Add(new Part(text, isMarkup));
        Length += text.Length;
        return this;
    }

    /// <summary>A piece of the prompt.</summary>
    internal readonly record struct Part(string Text, bool IsMarkup);
}
