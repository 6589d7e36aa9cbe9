using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Security.Audit;
using AgentSystem.Runtime.Security.Audit.Tree;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AgentSystem.Tests.Web.Harness;

/// <summary>Three entries in one chain, the first two under a signed root.</summary>
internal sealed class ScriptedAudit : IDisposable
{
    private readonly AuditSigner _signer = new(new RootKey("a-root-key-for-tests-0123456789-0123456789"));
    private readonly List<(AuditEntry Entry, AuditBody Body)> _entries = [];
    private readonly AuditRootView _root;

    public ScriptedAudit(TimeProvider time)
    {
        var (at, edge) = (time.GetUtcNow().AddMinutes(-5), new MerkleEdge());
        Add("audit.begin", "system", "process:here-1", AuditDecision.Allowed);
        Add("key.revoke", "key:key_admin", "key:<b>key_2</b>", AuditDecision.Allowed);
        _entries.ForEach(each => edge.Add(MerkleTree.Leaf(each.Entry.Hash)));
        _root = AuditVerifier.View(_signer.Sign(edge.Size, edge.Root(), AuditBody.Time(at)));
        Add("request.authorise", "subject:(erased)", "", AuditDecision.Denied);

        void Add(string action, string actor, string target, AuditDecision decision)
        {
            var body = new AuditBody(Tenants.Default, "s1", _entries.Count + 1, AuditBody.Time(at.AddSeconds(_entries.Count)), actor, action, target, decision, "req_1", new Dictionary<string, string> { ["status"] = "403" });
            _entries.Add((AuditEntry.After(_entries.Count == 0 ? AuditEntry.Nothing : _entries[^1].Entry.Hash, body), body));
        }
    }

    /// <summary>When true, somebody changed the text of every entry.</summary>
    public bool Tampered { get; set; }

    /// <summary>The query of the last list.</summary>
    public string? Asked { get; private set; }

    public void Dispose() => _signer.Dispose();

    public void Clear() => _entries.Clear();

    public void Map(IEndpointRouteBuilder routes)
    {
        const string Root = "/api/v1/security/audit";
        routes.MapGet(Root, (HttpRequest request) =>
        {
            Asked = request.QueryString.Value;
            return ScriptedPages.Of(request, _entries.AsEnumerable().Reverse().Select(View).Where(entry => request.Query["decision"] is not [{ } decision] || entry.Decision == decision));
        });
        routes.MapGet(Root + "/verify", () => ScriptedPages.Json(new AuditVerification(
            !Tampered, _entries.Count, 0, 1, 2, 1, _root, null, Tampered ? [new AuditProblem("altered", "s1-2", "Its text does not give its <b>hash</b>.")] : [])));
        using var key = new AuditPublicKey(_signer.PublicKey);
        var id = key.Id;
        routes.MapGet(Root + "/key", () => ScriptedPages.Json(new AuditKeyView(id, _signer.PublicKey)));
        routes.MapGet(Root + "/export", () => Results.Text("{}\n", "application/jsonl"));
        routes.MapGet(Root + "/{id}", (string id) => _entries.FindIndex(each => each.Entry.Id == id) is >= 0 and var place ? ScriptedPages.Json(Proof(place)) : ScriptedApi.Problem(404, "audit_entry_not_found", $"There is no entry \"{id}\"."));
    }

    private AuditEntryProof Proof(int place)
    {
        var (entry, _) = _entries[place];
        var hash = MerkleTree.Leaf(entry.Hash);
        var inclusion = place < 2 ? new AuditInclusion(place, Convert.ToHexStringLower(hash), [Convert.ToHexStringLower(MerkleTree.Leaf(_entries[1 - place].Entry.Hash))], _root) : null;
        return new AuditEntryProof(View(_entries[place]), Tampered ? entry.Body.Replace("key.revoke", "key.create", StringComparison.Ordinal) : entry.Body, Convert.ToHexStringLower(entry.Previous), inclusion);
    }

    private static AuditEntryView View((AuditEntry Entry, AuditBody Body) each) => new(
        each.Entry.Id, each.Entry.Stream, each.Entry.Sequence, AuditBody.Time(each.Body.At)!.Value, each.Body.Actor, each.Body.Action, each.Body.Object, AuditBody.Word(each.Body.Decision), each.Body.RequestId, each.Body.Details,
        Convert.ToHexStringLower(each.Entry.Hash));
}
