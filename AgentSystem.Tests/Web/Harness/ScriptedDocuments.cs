using AgentSystem.Contracts.Documents;
using AgentSystem.Contracts.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AgentSystem.Tests.Web.Harness;

/// <summary>Documents: takes files, except those whose name says that they are encrypted.</summary>
internal sealed class ScriptedDocuments(TimeProvider time)
{
    private readonly List<DocumentView> _documents =
    [
        new("doc_1", "Handbook.pdf", null, "application/pdf", 1_482_113, 48_210, 3, 31, new string('a', 64), "first admin key", time.GetUtcNow().AddHours(-3)),
        new("doc_2", "Returns and refunds.md", "assistant", "text/markdown", 8_412, 8_390, 2, null, new string('b', 64), "storefront", time.GetUtcNow().AddDays(-12)),
    ];

    /// <summary>What was uploaded, in order: name and agent.</summary>
    public List<(string Name, string? Agent, long Bytes)> Uploads { get; } = [];

    public void Clear() => _documents.Clear();

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/documents", (HttpRequest request) => ScriptedPages.Of(request, _documents
            .Where(document => ScriptedPages.Has(document.Title, request.Query["q"]) && ScriptedPages.Has(document.Agent, request.Query["agent"])).ToArray()));
        routes.MapPost("/api/v1/documents", TakeAsync);
        routes.MapGet("/api/v1/documents/{id}", (string id) => Find(id, static document => ScriptedPages.Json(document)));
        routes.MapGet("/api/v1/documents/{id}/text", (string id) => Find(id, static document => ScriptedPages.Json(new DocumentText(document.Id, document.Title,
        [
            new(1, "Returns", 4, "Goods can be sent back within 30 days. <script>alert(1)</script>"),
            new(2, "Refunds", 5, "A refund is paid within 14 days to the account the payment came from."),
            new(3, null, 6, "Questions go to the service desk."),
        ]))));
        routes.MapDelete("/api/v1/documents/{id}", (string id) => Find(id, document =>
        {
            _documents.Remove(document);
            return Results.NoContent();
        }));
        routes.MapPost("/api/v1/documents/search", (SearchDocuments search) => ScriptedPages.Json(new ListPage<DocumentHit>(
            search.Query.Contains("refund", StringComparison.OrdinalIgnoreCase)
                ? [new("doc_1", "Handbook.pdf", 2, "Refunds", 5, "A \u0002refund\u0003 is paid within 14 days. <img src=x>", 0.8)]
                : [])));
    }

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
        var file = form.Files["file"]!;
        var agent = form["agent"].ToString() is { Length: > 0 } given ? given : null;
        Uploads.Add((form["title"].ToString(), agent, file.Length));
        if (file.FileName.Contains("encrypted", StringComparison.Ordinal))
        {
            return ScriptedApi.Problem(422, "document_encrypted", "The PDF is encrypted; remove its password and send it again.");
        }

        if (_documents.FirstOrDefault(known => known.Title == form["title"] && known.Agent == agent && known.Bytes == file.Length) is { } there)
        {
            return ScriptedPages.Json(there);
        }

        var document = new DocumentView($"doc_{_documents.Count + 1}", form["title"]!, agent, "text/plain", file.Length, (int)file.Length, 1, null, new string('c', 64), "first admin key", time.GetUtcNow());
        _documents.Insert(0, document);
        return ScriptedPages.Json(document, 201);
    }

    private IResult Find(string id, Func<DocumentView, IResult> answer) =>
        _documents.FirstOrDefault(document => document.Id == id) is { } found ? answer(found) : ScriptedApi.Problem(404, "document_not_found", "There is no such document.");
}
