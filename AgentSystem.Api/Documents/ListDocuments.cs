using AgentSystem.Api.Http;
using AgentSystem.Contracts.Documents;
using AgentSystem.Contracts.Json;
using AgentSystem.Runtime.Documents;
using AgentSystem.Runtime.Pipeline;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Documents;

/// <summary><c>GET /api/v1/documents</c> (<c>?agent=</c>, <c>?q=</c> part of the title), <c>/documents/{id}</c> and <c>/documents/{id}/text</c>.</summary>
internal static class ListDocuments
{
    public static async Task<Results<Ok<ListPage<DocumentView>>, FailureResult>> Handle(
        HttpContext http, IDocumentStore documents, string? agent, string? q, CancellationToken cancellation, string? limit = null, string? cursor = null)
    {
        var (page, failure) = PageRequest.Read(http, DocumentAccess.IsKept);
        if (page is null)
        {
            return new FailureResult(failure!);
        }

        if (q?.Length > DocumentIntake.MaxTitle)
        {
            return new FailureResult(RunFailure.Invalid("invalid_value", $"\"q\" must have at most {DocumentIntake.MaxTitle} characters.", "q"));
        }

        var filter = new DocumentFilter(NullIfEmpty(agent), NullIfEmpty(q));
        var rows = await documents.ListAsync(http.Caller().Reader(), filter, page.After, page.Limit + 1, cancellation);
        return TypedResults.Ok(page.Page(rows, document => document.Id));
    }

    public static async Task<Results<Ok<DocumentView>, FailureResult>> HandleOne(string id, HttpContext http, IDocumentStore documents, CancellationToken cancellation) =>
        DocumentAccess.IsId(id) && await documents.FindAsync(http.Caller().Reader(), id, cancellation) is { } document
            ? TypedResults.Ok(document)
            : new FailureResult(DocumentAccess.NoSuchDocument);

    public static async Task<Results<Ok<DocumentText>, FailureResult>> HandleText(string id, HttpContext http, IDocumentStore documents, CancellationToken cancellation) =>
        DocumentAccess.IsId(id) && await documents.TextAsync(http.Caller().Reader(), id, cancellation) is { } text
            ? TypedResults.Ok(text)
            : new FailureResult(DocumentAccess.NoSuchDocument);

    private static string? NullIfEmpty(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
