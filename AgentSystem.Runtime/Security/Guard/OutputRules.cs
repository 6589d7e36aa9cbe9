using AgentSystem.Runtime.Security.Screening.Findings;

namespace AgentSystem.Runtime.Security.Guard;

/// <summary>What is done about what an answer gives away.</summary>
public enum OutputMode
{
    /// <summary>Nothing is looked at.</summary>
    Off,

    /// <summary>Everything is told, nothing is changed.</summary>
    Monitor,

    /// <summary>The canary and secrets out of instructions, tools and documents hold the answer back; quoted instructions and strange links are told. The default.</summary>
    Guard,

    /// <summary>As <see cref="Guard"/>; quoted instructions hold the answer back too, and strange links are made harmless.</summary>
    Block,
}

/// <summary>What an answer is held against: of one run, and growing while its tools answer.</summary>
/// <param name="mode">What is done.</param>
/// <param name="instructions">The agent's system prompt.</param>
/// <param name="canary">The word that stands in it; null: none.</param>
/// <param name="linkHosts">Hosts the agent may link to.</param>
public sealed class OutputRules(OutputMode mode, string instructions, string? canary, IReadOnlyList<string> linkHosts)
{
    private readonly List<string> own = [];
    private readonly List<string> foreign = [];
    private readonly List<string> said = [instructions];

    private readonly IReadOnlyList<string>? forms = canary is null ? null : CanaryTokens.FormsOf(canary);

    /// <summary>What is done.</summary>
    public OutputMode Mode => mode;

    /// <summary>Whether the system prompt has a word to look for.</summary>
    internal bool WatchesCanary => forms is not null;

    /// <summary>True when a text has that word in it.</summary>
    internal bool HasCanary(string text) => forms is not null && CanaryTokens.IsIn(text, forms);

    /// <summary>The agent's system prompt.</summary>
    public string Instructions => instructions;

    /// <summary>A text the person wrote: its secrets are theirs, and its hosts may be linked to.</summary>
    public void Said(string text)
    {
        own.Add(text);
        said.Add(text);
    }

    /// <summary>What a person had remembered: its secrets are theirs, but who wrote an address into it is not known.</summary>
    public void Remembered(string text)
    {
        own.Add(text);
        foreign.Add(text);
    }

    /// <summary>A text that a tool or a document gave: its addresses may be repeated to the letter, its secrets not at all.</summary>
    public void Read(string text) => foreign.Add(text);

    /// <summary>True for a link that carries nothing out: its host is allowed or was named by a person, or the whole address stands in what a tool gave.</summary>
    /// <param name="link">The link.</param>
    /// <param name="ended">False when its address may go on: then only its host can allow it.</param>
    internal bool Allows(Link link, bool ended) =>
        linkHosts.Any(host => link.Host.Equals(host, StringComparison.OrdinalIgnoreCase) || link.Host.EndsWith("." + host, StringComparison.OrdinalIgnoreCase))
        || said.Exists(text => Links.HostsIn(text).Contains(link.Host, StringComparer.Ordinal))
        || (ended && foreign.Exists(text => text.Contains(link.Address, StringComparison.Ordinal)));

    /// <summary>Whether a secret in an answer is one that was given away: it stands in the instructions, or in what a tool gave. Null for the person's own, and for one nobody gave.</summary>
    internal bool? IsLeak(string secret) =>
        own.Exists(text => text.Contains(secret, StringComparison.Ordinal)) ? null
        : instructions.Contains(secret, StringComparison.Ordinal) || foreign.Exists(text => text.Contains(secret, StringComparison.Ordinal));

    /// <summary>Secrets in a text, from a place on.</summary>
    internal static IEnumerable<string> Secrets(string text, int from)
    {
        var found = new List<Finding>();
        SecretFinder.Find(text, found);
        return found.Where(finding => finding.End > from).Select(finding => text[finding.Start..finding.End]);
    }
}
