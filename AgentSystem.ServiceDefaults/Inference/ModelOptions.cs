namespace AgentSystem.ServiceDefaults.Inference;

/// <summary>One configured model: the section <c>Models:&lt;name&gt;</c>.</summary>
public sealed class ModelOptions
{
    /// <summary>Seconds a model may take unless told otherwise.</summary>
    public const int DefaultTimeoutSeconds = 60;

    /// <summary>Answers a local model works on at the same time unless told otherwise.</summary>
    public const int DefaultSlots = 8;

    /// <summary>Who runs the model: <c>onnx</c> (in this process), <c>openai</c> (any endpoint that speaks its protocol), <c>azure</c>, <c>ollama</c>, or <c>hashed</c> (vectors without a model).</summary>
    public string Provider { get; set; } = "";

    /// <summary><c>chat</c> or <c>embedding</c>.</summary>
    public string Kind { get; set; } = ModelKinds.Chat;

    /// <summary><c>onnx</c>: the model folder, absolute or relative to the working directory.</summary>
    public string? Path { get; set; }

    /// <summary>Absolute address of the API: for <c>openai</c> with its version, e.g. <c>http://localhost:11434/v1</c>, OpenAI's own when left out; for <c>azure</c> the resource's, e.g. <c>https://my-resource.openai.azure.com</c>; for <c>ollama</c> <c>http://localhost:11434</c> when left out.</summary>
    public string? Endpoint { get; set; }

    /// <summary>The provider's name of the model: for <c>azure</c> the deployment's; for <c>onnx</c> the folder's name when left out.</summary>
    public string? Model { get; set; }

    /// <summary>The secret key; may be left out for endpoints that ask for none.</summary>
    public string? ApiKey { get; set; }

    /// <summary><c>azure</c>: a dated API version such as <c>2024-10-21</c>; the version-less v1 API when left out.</summary>
    public string? ApiVersion { get; set; }

    /// <summary>USD for a million input tokens, 0 or more; the price list's when left out.</summary>
    public decimal? InputUsdPerMillion { get; set; }

    /// <summary>USD for a million output tokens, 0 or more; the price list's when left out.</summary>
    public decimal? OutputUsdPerMillion { get; set; }

    /// <summary>Longest input plus output in tokens; for <c>onnx</c> it may shorten what the folder allows, never lengthen it.</summary>
    public int? ContextTokens { get; set; }

    /// <summary>Seconds for a whole answer; of a streamed one, the longest silence between two pieces. 1 to 3600.</summary>
    public int TimeoutSeconds { get; set; } = DefaultTimeoutSeconds;

    /// <summary><c>onnx</c>: answers decoded in one batch, 1 to 256; each holds its own cache of <see cref="ContextTokens"/>. Further requests wait.</summary>
    public int Slots { get; set; } = DefaultSlots;

    /// <summary>Comma list of other models of the same kind: asked in this order when this one cannot answer.</summary>
    public string? Fallbacks { get; set; }

    /// <summary>Most calls a minute of this process, 1 or more; no limit when left out.</summary>
    public int? RequestsPerMinute { get; set; }

    /// <summary>Most input plus output tokens a minute of this process, 1 or more; no limit when left out.</summary>
    public int? TokensPerMinute { get; set; }

    /// <summary>Most calls at once of this process, 1 or more; no limit when left out.</summary>
    public int? Concurrency { get; set; }

    /// <summary>Embedding models: whether shorter vectors (<c>dimensions</c>) may be asked for, as of models trained for it. When left out, true for <c>text-embedding-3</c>, else false.</summary>
    public bool? Truncates { get; set; }

    /// <summary>The names in <see cref="Fallbacks"/>.</summary>
    internal IReadOnlyList<string> FallbackNames =>
        Fallbacks?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
