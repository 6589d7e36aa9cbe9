using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Security.Screening;
using AgentSystem.Runtime.Security.Screening.Injection;

namespace AgentSystem.Runtime.Security.Guard;

/// <summary>How one agent's runs are guarded.</summary>
/// <param name="Input">What is done about injections in what tools give: <c>off</c>, <c>monitor</c>, <c>block</c> or <c>strict</c>.</param>
/// <param name="Output">What is done about what answers give away.</param>
/// <param name="Spotlight">Whether untrusted text is marked; null: where the model is large enough to follow the marks.</param>
/// <param name="TwoOnly">Whether the Rule of Two holds.</param>
/// <param name="LinkHosts">Hosts its answers may link to.</param>
public sealed record GuardPolicy(string Input, OutputMode Output, bool? Spotlight, bool TwoOnly, IReadOnlyList<string> LinkHosts);

/// <summary>
/// What stands between one run and what its texts want of it: where they come from, what they have touched so far, what its answer gives away. It decides by what happened, never by what the model says.
/// Used by one loop, one step after the other.
/// </summary>
public sealed class RunGuard
{
    /// <summary>What the model reads instead of a result that is certainly an injection.</summary>
    public const string Withheld = "error: the result was withheld, because it reads like an attempt to give you orders; go on without it";

    /// <summary>What the model reads of a call with something in its arguments that must not leave.</summary>
    public const string Leaking = "error: the call was refused, because its arguments give away what must stay inside";

    private readonly TextScreener screener;
    private readonly OutputRules rules;
    private readonly HashSet<string> suspicious = new(StringComparer.Ordinal);
    private readonly SortedSet<string> stopped = new(StringComparer.Ordinal);

    /// <param name="policy">How it guards.</param>
    /// <param name="screener">Reads what tools give.</param>
    /// <param name="instructions">The agent's system prompt.</param>
    /// <param name="canary">The word for the system prompt of remote models.</param>
    /// <param name="remote">Whether any model of the run may see that word.</param>
    /// <param name="nonce">The word for the marks.</param>
    internal RunGuard(GuardPolicy policy, TextScreener screener, string instructions, string canary, bool remote, string nonce)
    {
        (Policy, this.screener, Canary, Nonce) = (policy, screener, canary, nonce);
        rules = new OutputRules(policy.Output, instructions, remote ? canary : null, policy.LinkHosts);
        Output = new OutputScanner(rules);
    }

    /// <summary>How it guards.</summary>
    public GuardPolicy Policy { get; }

    /// <summary>The word that stands in the system prompt of models that are remote.</summary>
    public string Canary { get; }

    /// <summary>The word in the marks of this request.</summary>
    public string Nonce { get; }

    /// <summary>What the run has met so far.</summary>
    public Reach Seen { get; private set; }

    /// <summary>Calls that were refused because of the Rule of Two, or wait for a person because of it.</summary>
    public IReadOnlyCollection<string> Stopped => stopped;

    /// <summary>Looks at the answer while it is made.</summary>
    public OutputScanner Output { get; }

    /// <summary>A text of the person who asks.</summary>
    public void Said(string text) => rules.Said(text);

    /// <summary>A result or document that came with the request.</summary>
    /// <param name="text">Its text; empty for what is no text.</param>
    /// <param name="call">The call it answers; null: none.</param>
    /// <param name="flagged">True when screening found an injection in it.</param>
    public void Brought(string text, string? call, bool flagged)
    {
        Seen |= Reach.Untrusted;
        rules.Read(text);
        if (flagged && call is not null)
        {
            suspicious.Add(call);
        }
    }

    /// <summary>The person's own text reads like an injection, so it may be somebody else's.</summary>
    public void Doubted() => Seen |= Reach.Untrusted;

    /// <summary>True when a call of this tool now would bring the three together that must not meet without a person.</summary>
    public bool Stops(string tool, Reach reach)
    {
        if (!Policy.TwoOnly || !RuleOfTwo.Breaks(Seen, reach))
        {
            return false;
        }

        stopped.Add(tool);
        return true;
    }

    /// <summary>A tool answered: screens the result, remembers what the run has met, and gives what the model reads.</summary>
    /// <param name="call">The call's id.</param>
    /// <param name="reach">What the tool touches.</param>
    /// <param name="file">True when the text is a document's.</param>
    /// <param name="result">The result.</param>
    public string Read(string call, Reach reach, bool file, string result)
    {
        ArgumentNullException.ThrowIfNull(result);
        Seen |= reach & (Reach.Untrusted | Reach.Private);
        if (reach.HasFlag(Reach.Private) && !reach.HasFlag(Reach.Untrusted))
        {
            rules.Remembered(result);
            return result;
        }

        rules.Read(result);
        if (!reach.HasFlag(Reach.Untrusted) || Policy.Input == "off")
        {
            return result;
        }

        var finding = screener.Look(result, file ? ScreenSource.Document : ScreenSource.Tool);
        if (finding.Detected)
        {
            suspicious.Add(call);
        }

        return Refuses(finding) ? Withheld : result;
    }

    /// <summary>True when the detector found an injection in the result of a call.</summary>
    public bool IsSuspicious(string call) => suspicious.Contains(call);

    private bool Refuses(InjectionFinding finding) => (Policy.Input, finding.Severity) is ("block", ScreenSeverity.Critical) or ("strict", > ScreenSeverity.None);
}
