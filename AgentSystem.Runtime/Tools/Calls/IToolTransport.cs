using System.Text.Json;
using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Resilience;
using AgentSystem.Runtime.Tools.Catalogue;

namespace AgentSystem.Runtime.Tools.Calls;

/// <summary>How tools of one kind are reached. One attempt; deadlines, retries and breakers are around it.</summary>
public interface IToolTransport
{
    /// <summary>Whether it reaches tools of a kind.</summary>
    bool Reaches(ToolKind kind);

    /// <summary>Makes one attempt and gives what the tool said, at most <see cref="ToolDefinition.MaxResultChars"/> characters of it.</summary>
    /// <exception cref="ToolCallException">It gave no result.</exception>
    Task<TransportAnswer> SendAsync(ToolSend send, CancellationToken cancellation);
}

/// <summary>One attempt.</summary>
/// <param name="Tenant">Whose tool it is.</param>
/// <param name="Tool">The version that is called.</param>
/// <param name="Arguments">They fit its schema.</param>
/// <param name="CallId">The same for every attempt of a call.</param>
/// <param name="Headers">Credentials.</param>
public sealed record ToolSend(string Tenant, ToolDefinition Tool, JsonElement Arguments, string CallId, IReadOnlyDictionary<string, string> Headers);

/// <summary>What a tool said.</summary>
/// <param name="Text">Its text.</param>
/// <param name="IsError">True when it says that it did not do it.</param>
public sealed record TransportAnswer(string Text, bool IsError);

/// <summary>An attempt that gave no result.</summary>
/// <param name="fault">What is known about its effect.</param>
/// <param name="message">Ours, for models and people; nothing of what the tool sent.</param>
/// <param name="retryAfter">How long the tool asks to be left alone.</param>
/// <param name="inner">What happened.</param>
public sealed class ToolCallException(ToolFault fault, string message, TimeSpan? retryAfter = null, Exception? inner = null) : Exception(message, inner), ITroubleOfTheCalled
{
    /// <summary>What is known about its effect.</summary>
    public ToolFault Fault => fault;

    /// <summary>How long the tool asks to be left alone.</summary>
    public TimeSpan? RetryAfter => retryAfter;

    bool ITroubleOfTheCalled.IsTrouble => fault != ToolFault.Impossible;
}

/// <summary>What is known about an attempt without a result.</summary>
public enum ToolFault
{
    /// <summary>It cannot be made at all, today or tomorrow: the address is refused, or what came back cannot be read. Nothing to wait for.</summary>
    Impossible,

    /// <summary>It did not reach the tool, or the tool said it has no time: nothing happened.</summary>
    NotMade,

    /// <summary>It was sent, and whether it had its effect is not known.</summary>
    Lost,
}
