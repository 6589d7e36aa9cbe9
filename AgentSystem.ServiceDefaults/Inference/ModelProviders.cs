namespace AgentSystem.ServiceDefaults.Inference;

/// <summary>The well-known names of <c>Models:&lt;name&gt;:Provider</c>.</summary>
public static class ModelProviders
{
    /// <summary>A model folder run inside this process on ONNX Runtime.</summary>
    public const string Onnx = "onnx";

    /// <summary>Any endpoint that speaks OpenAI's protocol.</summary>
    public const string OpenAI = "openai";

    /// <summary>A model folder run on the graphics processor by ONNX Runtime GenAI; in builds with <c>-p:Gpu=true</c> only.</summary>
    public const string OnnxGenAI = "onnx-genai";

    /// <summary>Names people will try, refused with advice instead of "unknown".</summary>
    internal static readonly string[] Later = ["azure", "ollama"];
}
