namespace AgentSystem.ServiceDefaults.Inference;

/// <summary>The well-known names of <c>Models:&lt;name&gt;:Provider</c>.</summary>
public static class ModelProviders
{
    /// <summary>A model folder run inside this process on ONNX Runtime.</summary>
    public const string Onnx = "onnx";

    /// <summary>Any endpoint that speaks OpenAI's protocol.</summary>
    public const string OpenAI = "openai";

    /// <summary>Azure OpenAI: a deployment of a resource.</summary>
    public const string Azure = "azure";

    /// <summary>Models pulled by an Ollama server.</summary>
    public const string Ollama = "ollama";

    /// <summary>Vectors counted from words and letters, without any model.</summary>
    public const string Hashed = "hashed";

    /// <summary>A model folder run on the graphics processor by ONNX Runtime GenAI; in builds with <c>-p:Gpu=true</c> only.</summary>
    public const string OnnxGenAI = "onnx-genai";
}
