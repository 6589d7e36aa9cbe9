namespace AgentSystem.ServiceDefaults.Inference.Onnx.Decoding;

/// <summary>How a family of models writes a tool call.</summary>
/// <param name="Open">Token before a call; null when a call is an answer that is nothing but its JSON.</param>
/// <param name="Close">Token after it.</param>
/// <param name="BeforeName">Text between <paramref name="Open"/> and the tool's name.</param>
/// <param name="ArgumentsKey">Name of the member that holds the arguments.</param>
/// <param name="AfterArguments">Text between the arguments and <paramref name="Close"/>.</param>
internal sealed record ToolCallFormat(string? Open, string? Close, string BeforeName, string ArgumentsKey, string AfterArguments)
{
    /// <summary>Hermes and Qwen.</summary>
    public static readonly ToolCallFormat Hermes = new("<tool_call>", "</tool_call>", "\n{\"name\": \"", "arguments", "}\n");

    /// <summary>Phi-4-mini: a list of one.</summary>
    public static readonly ToolCallFormat Phi = new("<|tool_call|>", "<|/tool_call|>", "[{\"name\": \"", "arguments", "}]");

    /// <summary>Llama 3.1 and later: the answer is the call.</summary>
    public static readonly ToolCallFormat Llama = new(null, null, "{\"name\": \"", "parameters", "}");

    /// <summary>Text between the tool's name and its arguments.</summary>
    public string BeforeArguments => $"\", \"{ArgumentsKey}\": ";
}
