using System.Text.Json;
using AgentSystem.Contracts.Memory;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AgentSystem.Tests.Web.Harness;

/// <summary>Memory: what is so, what was so, and whom it was erased of.</summary>
internal sealed class ScriptedMemory(TimeProvider time)
{
    private readonly List<MemoryView> _memories =
    [
        Memory("mem-2", "Anna works at <b>Globex</b>", time.GetUtcNow().AddDays(-30), null),
        Memory("mem-1", "Anna works at Acme", time.GetUtcNow().AddDays(-400), time.GetUtcNow().AddDays(-30)),
    ];

    /// <summary>Searches received.</summary>
    public List<SearchMemory> Searches { get; } = [];

    /// <summary>Erasures received.</summary>
    public List<EraseMemory> Erasures { get; } = [];

    public void Clear() => _memories.Clear();

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/memory", (HttpRequest request) => ScriptedPages.Of(request, _memories.Where(memory =>
            ScriptedPages.Has(memory.User, request.Query["user"]) && (!DateTimeOffset.TryParse(request.Query["as_of"], System.Globalization.CultureInfo.InvariantCulture, out var at) || (memory.ValidFrom <= at && (memory.ValidTo is null || memory.ValidTo > at))))));
        routes.MapGet("/api/v1/memory/index", static () => ScriptedPages.Json(new MemoryIndexView("hashed-1", 2, 0, 0, .004, .02, 1024)));
        routes.MapGet("/api/v1/memory/graph", static () => ScriptedPages.Json(new MemoryGraph(
            [new MemoryNode("anna", "<b>Anna</b>", "person", 2), new MemoryNode("globex", "Globex", "name", 1)], [new MemoryLink("anna", "works_at", "globex", 1)])));
        routes.MapPost("/api/v1/memory/search", (SearchMemory search) =>
        {
            Searches.Add(search);
            return ScriptedPages.Json(new MemoryFound(
                [new MemoryHit("mem-2", "Anna works at <b>Globex</b>", .9, [MemorySearchStrategy.Lexical], ["holds the words: anna"], MemoryKind.Semantic, time.GetUtcNow(), null)],
                null, search.Strategies ?? [MemorySearchStrategy.Lexical], null, []));
        });
        routes.MapDelete("/api/v1/memory/{id}", (string id) =>
        {
            _memories.RemoveAll(memory => memory.Id == id);
            return Results.NoContent();
        });
        routes.MapPost("/api/v1/memory/erasures", (EraseMemory erasure) =>
        {
            Erasures.Add(erasure);
            _memories.Clear();
            return ScriptedPages.Json(new ErasureReceipt("ers-1", "hash", time.GetUtcNow(), "key_admin", [new ErasedPlace("memories", 2)], ["backups"], time.GetUtcNow(), "signed", "c2ln", "id", "PEM"), 201);
        });
    }

    private static MemoryView Memory(string id, string text, DateTimeOffset from, DateTimeOffset? to) => new(
        id, "assistant", "ada", null, MemoryKind.Semantic, text, from, to, from, null, null, false, MemoryTrust.Stated, 1, ["rows"], [], [], new MemorySource("key_admin"), new Dictionary<string, JsonElement>(), []);
}
