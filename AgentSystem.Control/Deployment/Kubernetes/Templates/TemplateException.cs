namespace AgentSystem.Control.Deployment.Kubernetes.Templates;

/// <summary>A template that cannot be read or rendered: a mistake in the chart, or a value it requires and did not get. The message names place and cure.</summary>
public sealed class TemplateException : Exception
{
    /// <summary>Without words.</summary>
    public TemplateException() : this("The template cannot be rendered.")
    {
    }

    /// <summary>With the reason.</summary>
    public TemplateException(string message) : base(message)
    {
    }

    /// <summary>With the reason and its cause.</summary>
    public TemplateException(string message, Exception inner) : base(message, inner)
    {
    }
}
