using System.Net;

namespace AgentSystem.Contracts.Models;

/// <summary>A provider's endpoint answered with an error. The message is ours and holds none of the provider's text, which may quote the conversation.</summary>
/// <param name="message">For people; names the cure where there is one.</param>
/// <param name="status">The HTTP status.</param>
/// <param name="pause">How long the provider asked to be left alone; null when it did not.</param>
/// <param name="cure">More than the status says, such as which models there are; null when there is no more.</param>
/// <param name="tooLong">True when the provider said that the input does not fit into the model's context.</param>
public sealed class ProviderException(string message, HttpStatusCode status, TimeSpan? pause = null, string? cure = null, bool tooLong = false)
    : HttpRequestException(message, null, status)
{
    /// <summary>How long the provider asked to be left alone.</summary>
    public TimeSpan? Pause { get; } = pause;

    /// <summary>What to do, where the status alone does not say it.</summary>
    public string? Cure { get; } = cure;

    /// <summary>The input does not fit into the model's context.</summary>
    public bool TooLong { get; } = tooLong;
}
