using System.Globalization;
using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Resilience;
using AgentSystem.Runtime.Tools.Catalogue;

namespace AgentSystem.Runtime.Tools.Calls;

/// <summary>What a model reads of a call that gave no result.</summary>
internal static class ToolWords
{
    /// <summary>Added to the end of a call whose effect is not known.</summary>
    public const string Unknown = "it is not known whether the call had its effect, so do not repeat it; tell the user";

    /// <summary>Why a tool is not called at all; null: it can be.</summary>
    public static string? NotCallable(ToolRecord tool) => tool switch
    {
        { Definition.IsCallable: false } => $"error: {tool.Definition.Name} is a server or document; call one of its tools by its name",
        { Enabled: false } => $"error: the tool {tool.Definition.Name} is turned off; go on without it",
        { State: ToolState.Gone } => $"error: the tool {tool.Definition.Name} is not offered any more; go on without it",
        { State: ToolState.Changed } or { Active: 0 } => $"error: the tool {tool.Definition.Name} changed and waits until a person has looked at it; go on without it",
        _ => null,
    };

    /// <summary>All its places are taken.</summary>
    public static string Busy(ToolDefinition tool) => $"error: {tool.Name} has {tool.MaxConcurrency.ToString(CultureInfo.InvariantCulture)} calls under way, as many as it may; call it again in a moment";

    /// <summary>Its breaker is open.</summary>
    public static string Rests(string tool, CallRestsException e) => e.ByHand
        ? $"error: {tool} was taken out of use by an operator; go on without it"
        : $"error: {tool} failed too often and rests{(e.RetryAfter is { } after ? string.Create(CultureInfo.InvariantCulture, $" for {Math.Ceiling(after.TotalSeconds):0} s") : "")}; go on without it";

    /// <summary>Its time ran out.</summary>
    public static string TooSlow(string tool, TimeSpan limit) => string.Create(CultureInfo.InvariantCulture, $"{tool} did not answer within {limit.TotalSeconds:0} s");

    /// <summary>The word of an outcome.</summary>
    public static string Of(ToolOutcome outcome) => outcome.ToString().ToLowerInvariant();

    /// <summary>A text, cut where it is too long, which is said.</summary>
    public static string Cut(string text, int most)
    {
        if (text.Length <= most)
        {
            return text;
        }

        var end = char.IsHighSurrogate(text[most - 1]) ? most - 1 : most;
        return string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, end)}\n[cut off after {end} characters]");
    }
}
