using System.Text;
using AgentSystem.Runtime.Security.Screening.Decoding;

namespace AgentSystem.Runtime.Security.Guard;

/// <summary>
/// Looks at an answer while it is made. Only what could be the beginning of something is held back: a word with signs or digits in it until it ends, at most <see cref="LongestRun"/> characters;
/// in mode <see cref="OutputMode.Block"/> also words that quote the instructions, until they no longer do. Plain words leave at once. Linear in the text. Used by one run, in order.
/// </summary>
public sealed class OutputScanner
{
    /// <summary>Most characters of one word that are held back.</summary>
    public const int LongestRun = 256;

    private const int PlainRun = 12, ShortRun = 4, ShortestSecret = 8, ShortestKey = 16, ContextLength = 64, Overlap = 96, LongestWhole = 32_768, MostFindings = 50, LongWord = 24;

    private readonly OutputRules rules;
    private readonly PromptOverlap overlap;
    private readonly List<OutputFinding> findings = [];
    private readonly StringBuilder run = new();
    private readonly StringBuilder context = new();
    private readonly StringBuilder whole = new();
    private readonly StringBuilder held = new();
    private bool plain = true;
    private int left;
    private bool quoted;
    private bool odd;

    /// <summary>Begins an answer.</summary>
    public OutputScanner(OutputRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        (this.rules, overlap) = (rules, new PromptOverlap(rules.Mode == OutputMode.Off ? "" : rules.Instructions));
    }

    /// <summary>What the answer is held back for; null while it may go on. Nothing leaves after it.</summary>
    public OutputFinding? Blocked => findings.Find(static finding => finding.Held);

    /// <summary>Everything of note so far.</summary>
    public IReadOnlyList<OutputFinding> Findings => findings;

    /// <summary>Takes a piece of the answer and gives what may leave now.</summary>
    public string Push(string piece)
    {
        ArgumentNullException.ThrowIfNull(piece);
        if (rules.Mode == OutputMode.Off || Blocked is not null)
        {
            return Blocked is null ? piece : "";
        }

        whole.Append(piece.AsSpan(0, Math.Min(piece.Length, LongestWhole - whole.Length)));
        var leaves = new StringBuilder(piece.Length);
        foreach (var c in piece)
        {
            if (char.IsAscii(c) && !char.IsWhiteSpace(c))
            {
                run.Append(c);
                plain &= char.IsAsciiLetter(c) || c == '\'';
                if (run.Length >= LongestRun)
                {
                    Cut(leaves);
                }
            }
            else
            {
                odd |= !char.IsAscii(c);
                End(leaves);
                Leave(leaves, new ReadOnlySpan<char>(in c));
                Remember(new ReadOnlySpan<char>(in c));
            }

            Follow(c, leaves);
            if (Blocked is not null)
            {
                return leaves.ToString();
            }
        }

        // Capitals wait for the end of their word: some keys have no other letters.
        if (plain && run.Length is > 0 and <= PlainRun && (run.Length <= ShortRun || char.IsAsciiLetterLower(run[^1])))
        {
            Leave(leaves, run.ToString(left, run.Length - left));
            left = run.Length;
        }

        return leaves.ToString();
    }

    /// <summary>A border in the answer: gives what is held back, if nothing speaks against it.</summary>
    public string Flush()
    {
        var leaves = new StringBuilder();
        if (Blocked is null)
        {
            End(leaves);
        }

        if (Blocked is null)
        {
            leaves.Append(held);
            held.Clear();
        }

        return leaves.ToString();
    }

    /// <summary>The end: gives the rest, and looks once more at the whole answer in all its codings.</summary>
    public string Finish()
    {
        if (rules.Mode == OutputMode.Off || Blocked is not null)
        {
            return "";
        }

        // Its usual codings are looked for directly; only what is written in other letters, or long enough to be a coding in a coding, is worth reading in every way.
        if (rules.WatchesCanary && (rules.HasCanary(whole.ToString()) || (odd && TextViews.Of(whole.ToString()).Views.Any(view => rules.HasCanary(view.Text)))))
        {
            Note(OutputKind.Canary, blocks: true);
        }

        return Flush();
    }

    /// <summary>Looks at the arguments of a call, which leave the house as an answer does. False: the call must not be made.</summary>
    public bool Call(string arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        if (rules.Mode == OutputMode.Off)
        {
            return true;
        }

        if (rules.HasCanary(arguments))
        {
            Note(OutputKind.Canary, blocks: true);
        }

        if (OutputRules.Secrets(arguments, 0).Any(secret => rules.IsLeak(secret) is true))
        {
            Note(OutputKind.LeakedSecret, blocks: true);
        }

        return Blocked is null;
    }

    /// <summary>A word has ended.</summary>
    private void End(StringBuilder leaves)
    {
        if (run.Length == 0)
        {
            return;
        }

        var text = run.ToString();
        var safe = IsHarmless(text) ? text : Examine(text, ended: true);
        if (Blocked is null)
        {
            Leave(leaves, safe.AsSpan(left));
        }

        Remember(text);
        run.Clear();
        (left, plain) = (0, true);
    }

    /// <summary>A word without end: its beginning is looked at and leaves, its end stays to be looked at with what follows.</summary>
    private void Cut(StringBuilder leaves)
    {
        var text = run.ToString();
        var safe = Examine(text, ended: false);
        if (Blocked is not null)
        {
            return;
        }

        if (!ReferenceEquals(safe, text))
        {
            // A link in it was made harmless; the rest of the word goes with it.
            Leave(leaves, safe.AsSpan(left));
            Remember(text);
            run.Clear();
            left = 0;
            return;
        }

        var gone = Math.Max(left, text.Length - Overlap);
        Leave(leaves, text.AsSpan(left, gone - left));
        Remember(text.AsSpan(0, gone));
        run.Remove(0, gone);
        left = 0;
    }

    /// <summary>Nothing that is looked for can be in it: it is too short for a secret, or letters only and too short for a key; and it is no address.</summary>
    private bool IsHarmless(string text) =>
        plain ? text.Length < ShortestKey : text.Length < ShortestSecret && text.AsSpan().IndexOfAny('/', '\\') < 0 && !text.Contains("www", StringComparison.OrdinalIgnoreCase);

    /// <param name="ended">False when more of the word may come: an address at its end may go on.</param>
    private string Examine(string text, bool ended)
    {
        odd |= text.Length >= LongWord;
        if (rules.HasCanary(text))
        {
            Note(OutputKind.Canary, blocks: true);
        }

        foreach (var secret in OutputRules.Secrets(context + text, context.Length))
        {
            if (rules.IsLeak(secret) is { } leaked)
            {
                Note(leaked ? OutputKind.LeakedSecret : OutputKind.Secret, blocks: leaked);
            }
        }

        List<Link> strange = [.. Links.In(text).Where(link => link.Slashes >= left && !rules.Allows(link, ended || link.Start + link.Address.Length < text.Length))];
        foreach (var link in strange)
        {
            Note(OutputKind.Link, blocks: false, link.Host);
        }

        return strange.Count > 0 && rules.Mode == OutputMode.Block ? Links.Defuse(text, strange) : text;
    }

    private void Follow(char c, StringBuilder leaves)
    {
        overlap.Next(c);
        if (overlap.Run >= PromptOverlap.Leak && !quoted)
        {
            quoted = true;
            Note(OutputKind.Instructions, blocks: rules.Mode == OutputMode.Block);
        }

        if (held.Length > 0 && overlap.Run == 0 && Blocked is null)
        {
            leaves.Append(held);
            held.Clear();
        }
    }

    private void Leave(StringBuilder leaves, ReadOnlySpan<char> text) => (rules.Mode == OutputMode.Block && overlap.Run > 0 ? held : leaves).Append(text);

    private void Remember(ReadOnlySpan<char> text)
    {
        context.Append(text);
        if (context.Length > ContextLength)
        {
            context.Remove(0, context.Length - ContextLength);
        }
    }

    private void Note(OutputKind kind, bool blocks, string detail = "")
    {
        var finding = new OutputFinding(kind, blocks && rules.Mode >= OutputMode.Guard, detail);
        if ((finding.Held || findings.Count < MostFindings) && !findings.Contains(finding))
        {
            findings.Add(finding);
        }
    }
}
