namespace AgentSystem.ServiceDefaults.Inference;

/// <summary>One configured model: the section <c>Models:&lt;name&gt;</c>.</summary>
public sealed class ModelOptions
{
    /// <summary>Seconds a model may take unless told otherwise.</summary>
    public const int DefaultTimeoutSeconds = 60;

    /// <summary>Answers a local model works on at the same time unless told otherwise.</summary>
    public const int DefaultSlots = 8;

    /// <summary>Who runs the model: <c>onnx</c> (in this process) or <c>openai</c> (any endpoint that speaks its protocol).</summary>
    public string Provider { get; set; } = "";

    /// <summary><c>onnx</c>: the model folder, absolute or relative to the working directory.</summary>
    public string? Path { get; set; }

    /// <summary><c>openai</c>: absolute address of the API, e.g. <c>http://localhost:11434/v1</c>; OpenAI's own when left out.</summary>
    public string? Endpoint { get; set; }

    /// <summary>The provider's name of the model; for <c>onnx</c> the folder's name when left out.</summary>
    public string? Model { get; set; }

    /// <summary><c>openai</c>: the secret key; may be left out for endpoints that ask for none.</summary>
    public string? ApiKey { get; set; }

    /// <summary>USD for a million input tokens; 0 or more.</summary>
    public decimal InputUsdPerMillion { get; set; }

    /// <summary>USD for a million output tokens; 0 or more.</summary>
    public decimal OutputUsdPerMillion { get; set; }

    /// <summary>Longest input plus output in tokens; for <c>onnx</c> it may shorten what the folder allows, never lengthen it.</summary>
    public int? ContextTokens { get; set; }

    /// <summary>Seconds for a whole answer; of a streamed one, the longest silence between two pieces. 1 to 3600.</summary>
    public int TimeoutSeconds { get; set; } = DefaultTimeoutSeconds;

    /// <summary><c>onnx</c>: answers decoded in one batch, 1 to 256; each holds its own cache of <see cref="ContextTokens"/>. Further requests wait.</summary>
    public int Slots { get; set; } = DefaultSlots;
}
