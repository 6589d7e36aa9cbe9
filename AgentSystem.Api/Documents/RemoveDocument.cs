using AgentSystem.Api.Http;
using AgentSystem.Runtime.Documents;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Documents;

/// <summary><c>DELETE /api/v1/documents/{id}</c>: the document and its text are gone at once.</summary>
internal static class RemoveDocument
{
    public static async Task<Results<NoContent, FailureResult>> Handle(string id, HttpContext http, IDocumentStore documents, CancellationToken cancellation) =>
        DocumentAccess.IsId(id) && await documents.DeleteAsync(http.Caller().Reader(), id, cancellation)
            ? TypedResults.NoContent()
            : new FailureResult(DocumentAccess.NoSuchDocument);
}
