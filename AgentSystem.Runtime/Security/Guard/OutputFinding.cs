namespace AgentSystem.Runtime.Security.Guard;

/// <summary>Something an answer gives away.</summary>
/// <param name="Kind">What.</param>
/// <param name="Held">True when the answer was held back for it.</param>
/// <param name="Detail">The host of a link; empty otherwise. Never the text.</param>
public sealed record OutputFinding(OutputKind Kind, bool Held, string Detail = "");

/// <summary>What an answer can give away.</summary>
public enum OutputKind
{
    /// <summary>The word that stands in the system prompt only.</summary>
    Canary,

    /// <summary>A secret that stands in the instructions, or in what a tool gave.</summary>
    LeakedSecret,

    /// <summary>Something of the form of a secret that nobody gave: made up, or learned.</summary>
    Secret,

    /// <summary>Many words in a row of the instructions.</summary>
    Instructions,

    /// <summary>A link or picture to a host that nobody named.</summary>
    Link,
}
