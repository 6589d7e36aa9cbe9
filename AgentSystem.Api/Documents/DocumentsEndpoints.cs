using AgentSystem.Api.Http.Audit;
using AgentSystem.Contracts.Documents;
using AgentSystem.Contracts.Security;

namespace AgentSystem.Api.Documents;

/// <summary>Routes of documents: reading and searching need <c>documents:read</c>, adding and removing <c>documents:write</c>.</summary>
internal static class DocumentsEndpoints
{
    /// <summary>Maps <c>/api/v1/documents</c>.</summary>
    public static void MapDocuments(this IEndpointRouteBuilder api)
    {
        var read = api.MapGroup("/documents").WithTags("Documents").RequireAuthorization(Scopes.DocumentsRead);
        read.MapGet("/", ListDocuments.Handle).WithName("ListDocuments").WithSummary("Documents, newest first");
        read.MapGet("/{id}", ListDocuments.HandleOne).WithName("GetDocument").WithSummary("One document");
        read.MapGet("/{id}/text", ListDocuments.HandleText).WithName("GetDocumentText").WithSummary("The text of a document as it is searched");
        read.MapPost("/search", SearchInDocuments.Handle).WithName("SearchDocuments").WithSummary("The places in documents that answer a query").ThatOnlyReads();

        var write = api.MapGroup("/documents").WithTags("Documents").RequireAuthorization(Scopes.DocumentsWrite);
        write.MapPost("/", AddDocument.Handle).WithName("CreateDocument").WithSummary("Add a document: a file as multipart/form-data, or a text as JSON")
            .Accepts<CreateDocument>("application/json", "multipart/form-data");
        write.MapDelete("/{id}", RemoveDocument.Handle).WithName("DeleteDocument").WithSummary("Remove a document and its text");
    }
}
