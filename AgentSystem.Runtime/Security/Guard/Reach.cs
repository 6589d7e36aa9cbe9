namespace AgentSystem.Runtime.Security.Guard;

/// <summary>What a tool, or the inputs of a run, touch. Three together in one run are what an attack by injected text needs.</summary>
[Flags]
public enum Reach
{
    /// <summary>Nothing of the kind: it computes.</summary>
    None = 0,

    /// <summary>Its result is text that somebody else may have written.</summary>
    Untrusted = 1,

    /// <summary>Its result is what only this user or tenant may know.</summary>
    Private = 2,

    /// <summary>It changes something, or sends something out.</summary>
    Change = 4,
}

/// <summary>
/// Meta's Rule of Two: without a person, a run has at most two of untrusted input, private data, and change or egress. What counts is what the run has met by the time of the call:
/// an effect that came before the untrusted text cannot have been its doing.
/// </summary>
public static class RuleOfTwo
{
    /// <summary>True when a call would bring the three together.</summary>
    /// <param name="seen">What the run has met so far.</param>
    /// <param name="tool">What the tool about to be called touches.</param>
    public static bool Breaks(Reach seen, Reach tool) => tool.HasFlag(Reach.Change) && seen.HasFlag(Reach.Untrusted | Reach.Private);
}
