using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Security.Audit.Tree;

namespace AgentSystem.Runtime.Security.Audit;

/// <summary>The audit log as a tenant reads it: its entries with their names opened, what proves them, and the erasure of a subject.</summary>
public sealed class AuditReader
{
    private readonly IAuditStore store;
    private readonly IAuditTree tree;
    private readonly AuditSeal seal;
    private readonly AuditSubjects subjects;

    internal AuditReader(IAuditStore store, IAuditTree tree, AuditSeal seal, AuditSubjects subjects) => (this.store, this.tree, this.seal, this.subjects) = (store, tree, seal, subjects);

    /// <summary>True for a text that names an entry.</summary>
    public static bool IsId(string id) => AuditEntry.Place(id) is not null;

    /// <summary>The decision of a word such as <c>denied</c>; null when it is none.</summary>
    public static AuditDecision? Decision(string word) => AuditBody.Decide(word);

    /// <summary>Entries of a tenant, the newest first, at most <paramref name="limit"/>, behind the one with the id <paramref name="after"/>.</summary>
    public async Task<IReadOnlyList<AuditEntryView>> ListAsync(string tenant, AuditFilter filter, string? after, int limit, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var (actor, target) = (await StoredAsync(tenant, filter.Actor, cancellation), await StoredAsync(tenant, filter.Target, cancellation));
        if (actor is "" || target is "")
        {
            return [];
        }

        return await ViewsAsync(tenant, await store.ListAsync(tenant, new AuditQuery(actor, filter.Action, target, filter.Decision, filter.From, filter.To), after, limit, cancellation), cancellation);
    }

    /// <summary>One entry with the way to a signed root; null when the tenant has none of that id.</summary>
    public async Task<AuditEntryProof?> FindAsync(string tenant, string id, CancellationToken cancellation)
    {
        if (AuditEntry.Place(id) is not { } place || await store.FindAsync(tenant, place.Stream, place.Sequence, cancellation) is not { } entry)
        {
            return null;
        }

        var view = (await ViewsAsync(tenant, [entry], cancellation))[0];
        return new AuditEntryProof(view, entry.Body, AuditLines.Hex(entry.Previous), await InclusionAsync(entry, cancellation));
    }

    /// <summary>Signed roots over fewer entries than <paramref name="before"/>, the newest first.</summary>
    public async Task<IReadOnlyList<AuditRootView>> RootsAsync(long? before, int limit, CancellationToken cancellation) =>
        [.. (await tree.NewestRootsAsync(before ?? long.MaxValue, limit, cancellation)).Select(AuditVerifier.View)];

    /// <summary>That the root over <paramref name="from"/> entries is the beginning of the one over <paramref name="to"/>; null when one of them is not there.</summary>
    public async Task<AuditConsistency?> ConsistencyAsync(long from, long to, CancellationToken cancellation)
    {
        if (from < 1 || from > to || await RootAsync(from, cancellation) is not { } earlier || await RootAsync(to, cancellation) is not { } later)
        {
            return null;
        }

        return new AuditConsistency(AuditVerifier.View(earlier), AuditVerifier.View(later), await HashesAsync(MerkleTree.ConsistencyPath(from, to), cancellation) ?? []);
    }

    /// <summary>Deletes what opens a subject's names, for good; false when nothing is known of such a subject.</summary>
    /// <param name="tenant">Whose log.</param>
    /// <param name="subject">Its name, with its kind before it or without.</param>
    /// <param name="cancellation">Ends it before it is done.</param>
    public Task<bool> EraseAsync(string tenant, string subject, CancellationToken cancellation)
    {
        var line = AuditText.Line(subject);
        return subjects.EraseAsync(tenant, AuditSeal.Personal(line) is { } person ? person.Name : line, cancellation);
    }

    private async Task<AuditRoot?> RootAsync(long size, CancellationToken cancellation) => await tree.RootsAsync(size - 1, 1, cancellation) is [var root] && root.Size == size ? root : null;

    private async Task<AuditInclusion?> InclusionAsync(AuditEntry entry, CancellationToken cancellation)
    {
        if (await tree.PlaceAsync(entry.Stream, entry.Sequence, cancellation) is not { } leaf || await tree.NewestRootsAsync(long.MaxValue, 1, cancellation) is not [var root] || leaf >= root.Size)
        {
            return null;
        }

        return await HashesAsync(MerkleTree.InclusionPath(leaf, root.Size), cancellation) is { } path
            ? new AuditInclusion(leaf, AuditLines.Hex(MerkleTree.Leaf(entry.Hash)), path, AuditVerifier.View(root))
            : null;
    }

    /// <summary>The hashes of a path; null when nodes are missing, which <c>verify</c> explains.</summary>
    private async Task<IReadOnlyList<string>?> HashesAsync(IReadOnlyList<(long From, long To)> path, CancellationToken cancellation)
    {
        var wanted = path.SelectMany(MerkleTree.Nodes).ToHashSet();
        var nodes = await tree.NodesAsync(wanted, cancellation);
        return nodes.Count < wanted.Count ? null : [.. path.Select(range => AuditLines.Hex(MerkleTree.Fold(MerkleTree.Nodes(range).Select(node => nodes[node]))))];
    }

    /// <summary>How an actor or object stands in the store; empty when nobody of that name was ever met.</summary>
    private async Task<string?> StoredAsync(string tenant, string? value, CancellationToken cancellation)
    {
        if (value is null || AuditSeal.Personal(AuditText.Line(value)) is not { } person)
        {
            return value;
        }

        return await store.FindSubjectAsync(tenant, seal.Token(tenant, person.Name), cancellation) is { } subject ? $"{AuditSeal.Start}{person.Kind}:{subject.Id}" : "";
    }

    private async Task<IReadOnlyList<AuditEntryView>> ViewsAsync(string tenant, IReadOnlyList<AuditEntry> entries, CancellationToken cancellation)
    {
        var read = entries.Select(static entry => (Entry: entry, Body: AuditBody.Read(entry.Body))).ToList();
        var ids = read.SelectMany(static each => Sealed(each.Body)).Select(static value => AuditSeal.Parts(value)!.Value.Subject).Distinct(StringComparer.Ordinal).ToList();
        var known = ids.Count == 0 ? [] : (await store.SubjectsOfAsync(tenant, ids, cancellation)).ToDictionary(static subject => subject.Id, subject => seal.Open(tenant, subject), StringComparer.Ordinal);
        return [.. read.Select(each => View(each.Entry, each.Body))];

        AuditEntryView View(AuditEntry entry, AuditBody? body) => body is null
            // Not what was ever written: shown as it is, and verify names it.
            ? new AuditEntryView(entry.Id, entry.Stream, entry.Sequence, DateTimeOffset.UnixEpoch, "", "", "", "", null, new Dictionary<string, string> { ["unreadable"] = entry.Body }, AuditLines.Hex(entry.Hash))
            : new AuditEntryView(
                entry.Id, entry.Stream, entry.Sequence, AuditBody.Time(body.At) ?? DateTimeOffset.UnixEpoch, Open(body.Actor, true), body.Action, Open(body.Object, true), AuditBody.Word(body.Decision), body.RequestId,
                body.Details.ToDictionary(static detail => detail.Key, detail => Open(detail.Value, false), StringComparer.Ordinal), AuditLines.Hex(entry.Hash));

        string Open(string value, bool withKind) => AuditSeal.Parts(value) is not { } parts ? value
            : (withKind ? parts.Kind + ":" : "") + (AuditSeal.Name(tenant, parts, known.GetValueOrDefault(parts.Subject)) ?? "(erased)");
    }

    private static IEnumerable<string> Sealed(AuditBody? body) =>
        body is null ? [] : body.Details.Values.Append(body.Actor).Append(body.Object).Where(static value => AuditSeal.Parts(value) is not null);
}
