using AgentSystem.Contracts.Security;

namespace AgentSystem.Runtime.Security.Audit.Tree;

/// <summary>
/// Verifies chains, tree and signatures, from a database or an export: give it every link in the order of chains and places, then the roots, then the roots of the second place.
/// It needs no secret. Each fault is named with its place.
/// </summary>
internal sealed class AuditVerifier(AuditPublicKey? key)
{
    /// <summary>Most problems that are told.</summary>
    public const int MostProblems = 100;

    private readonly List<AuditProblem> problems = [];
    private readonly Dictionary<long, (byte[] Hash, string Stream, long Sequence)> leaves = [];
    private readonly HashSet<string> ended = new(StringComparer.Ordinal);
    private readonly Dictionary<long, byte[]> known = [];
    private readonly MerkleEdge edge = new();
    private AuditLink? last;
    private AuditRoot? newest;
    private long entries, withheld, streams, roots, elsewhere;
    private bool hasElsewhere, stopped;

    /// <summary>Reports something that stands outside links and roots: a line that cannot be read.</summary>
    public void Unreadable(string where) => Tell("unreadable", where, "This is no line of an audit export.");

    /// <summary>The next link.</summary>
    public void Add(AuditLink link)
    {
        var where = AuditEntry.IdOf(link.Stream, link.Sequence);
        if (last?.Stream != link.Stream)
        {
            streams++;
            if (!ended.Add(link.Stream))
            {
                Tell("out_of_order", where, "Its chain was over already: entries were moved, or an export was put together.");
            }
        }

        Place(link, where);
        if (link.Hash is null || link.Previous is null)
        {
            Tell("missing", where, "It was signed and is not there any more.");
            last = link with { Hash = link.Leaf };
            return;
        }

        entries++;
        var before = last is { } other && other.Stream == link.Stream ? other : null;
        Follow(link, before, where);
        CheckBody(link, where);
        if (link.Leaf is { } leaf && !leaf.AsSpan().SequenceEqual(link.Hash))
        {
            Tell("altered", where, "Another entry stood here when it was signed.");
        }

        last = link;
    }

    /// <summary>The next root, the smallest first.</summary>
    public void Add(AuditRoot root)
    {
        roots++;
        var where = $"root over {root.Size}";
        Check(root, where);
        if (root.Size <= (newest?.Size ?? 0))
        {
            Tell("out_of_order", where, $"It stands behind the root over {newest!.Size}.");
            return;
        }

        var from = newest?.Size ?? 0;
        newest = root;
        if (Grow(root.Size, where) && !edge.Root().AsSpan().SequenceEqual(root.Hash))
        {
            stopped = true;
            Tell("wrong_root", where, $"The entries do not give this root: one of the leaves {from} to {root.Size - 1} ({At(from)} to {At(root.Size - 1)}) was changed, moved, added or taken away, or an earlier one.");
        }

        known[root.Size] = root.Hash;
    }

    /// <summary>The roots of the second place, in the order they were written.</summary>
    public void AddElsewhere(IReadOnlyList<AuditRoot?> written)
    {
        hasElsewhere = true;
        for (var line = 0; line < written.Count; line++)
        {
            var where = $"second place, line {line + 1}";
            if (written[line] is not { } root)
            {
                Tell("unreadable", where, "This is no root.");
                continue;
            }

            elsewhere++;
            Check(root, where);
            if (!known.TryGetValue(root.Size, out var hash))
            {
                Tell("rolled_back", where, newest is null || root.Size > newest.Size
                    ? $"A root over {root.Size} entries was signed, and the newest one here is over {newest?.Size ?? 0}: this is an old copy, or entries and roots were deleted."
                    : $"A root over {root.Size} entries was signed and is not here: roots were deleted, or an old copy went on.");
            }
            else if (!hash.AsSpan().SequenceEqual(root.Hash))
            {
                Tell("rolled_back", where, $"The root over {root.Size} entries was another one when it was signed: an old copy went on, or the log was written anew.");
            }
        }
    }

    /// <summary>What it came to.</summary>
    public AuditVerification Finish()
    {
        if (leaves.Count > 0 && leaves.Keys.Max() is var place && place >= (newest?.Size ?? 0))
        {
            Tell("missing", $"root over {place + 1}", $"{At(place)} has a place in the tree beyond the newest root: a root was deleted.");
        }

        return new AuditVerification(problems.Count == 0, entries, withheld, streams, newest?.Size ?? 0, roots, newest is null ? null : View(newest), hasElsewhere ? elsewhere : null, problems);
    }

    /// <summary>A root as it is shown.</summary>
    public static AuditRootView View(AuditRoot root) =>
        new(root.Size, AuditLines.Hex(root.Hash), root.At, Convert.ToBase64String(root.Signature), root.KeyId, AuditRoot.Signed(root.Size, root.Hash, root.At));

    private void Follow(AuditLink link, AuditLink? before, string where)
    {
        var (place, hash) = before is null ? (0, AuditEntry.Nothing) : (before.Sequence, before.Hash!);
        if (link.Sequence != place + 1)
        {
            Tell(link.Sequence <= place ? "out_of_order" : "missing", where, link.Sequence <= place
                ? $"It stands behind {place}."
                : $"{link.Sequence - place - 1} entries before it are not there.");
        }
        else if (!link.Previous.AsSpan().SequenceEqual(hash))
        {
            Tell("broken_link", where, $"It was written behind {AuditLines.Hex(link.Previous!)}, and before it stands {AuditLines.Hex(hash)}.");
        }
    }

    private void CheckBody(AuditLink link, string where)
    {
        if (link.Body is null)
        {
            withheld++;
            return;
        }

        if (!AuditEntry.HashOf(link.Previous, link.Body).AsSpan().SequenceEqual(link.Hash))
        {
            Tell("altered", where, "Its text does not give its hash.");
        }
        else if (AuditBody.Read(link.Body) is not { } body)
        {
            Tell("altered", where, "Its text is not in the canonical form.");
        }
        else if (body.Stream != link.Stream || body.Sequence != link.Sequence || (link.Tenant is not null && body.Tenant != link.Tenant))
        {
            Tell("altered", where, $"Its text says that it is {AuditEntry.IdOf(body.Stream, body.Sequence)} of tenant {body.Tenant}.");
        }
    }

    private void Place(AuditLink link, string where)
    {
        if (link.Place is { } place && !leaves.TryAdd(place, (link.Hash ?? link.Leaf!, link.Stream, link.Sequence)))
        {
            Tell("out_of_order", where, $"{At(place)} has the same place {place} in the tree.");
        }
    }

    /// <summary>Adds leaves up to a size; false when one is not there, or something was wrong before: what comes behind it cannot be told apart from it.</summary>
    private bool Grow(long size, string where)
    {
        while (!stopped && edge.Size < size)
        {
            if (!leaves.TryGetValue(edge.Size, out var leaf))
            {
                Tell("missing", where, $"Leaf {edge.Size} is not there: the entry and its place in the tree were deleted.");
                stopped = true;
                break;
            }

            edge.Add(MerkleTree.Leaf(leaf.Hash));
        }

        return !stopped;
    }

    private void Check(AuditRoot root, string where)
    {
        if (key is null)
        {
            return;
        }

        if (root.KeyId != key.Id)
        {
            Tell("unknown_key", where, $"It says that {root.KeyId} signed it; the key that verifies is {key.Id}.");
        }
        else if (!key.Verifies(root))
        {
            Tell("wrong_signature", where, "Its signature does not belong to it.");
        }
    }

    private string At(long place) => leaves.TryGetValue(place, out var leaf) ? AuditEntry.IdOf(leaf.Stream, leaf.Sequence) : $"leaf {place}";

    private void Tell(string kind, string where, string details)
    {
        // Bounded: a log that is wrong altogether must not fill the memory with its faults.
        if (problems.Count < MostProblems)
        {
            problems.Add(new AuditProblem(kind, where, details));
        }
    }
}
