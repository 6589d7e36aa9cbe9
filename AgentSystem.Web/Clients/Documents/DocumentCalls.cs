using System.Net.Http.Headers;
using AgentSystem.Contracts.Documents;
using AgentSystem.Contracts.Json;

namespace AgentSystem.Web.Clients.Documents;

/// <summary>Documents agents can search.</summary>
internal sealed class DocumentCalls(ApiTransport transport)
{
    /// <summary>Largest file the API takes (its body limit, less the form around the file).</summary>
    public const long LargestFile = (20 * 1024 * 1024) - (16 * 1024);

    private const string Root = "/api/v1/documents";

    /// <summary>A large file on a slow line, and the reading of a long PDF after it.</summary>
    private static readonly TimeSpan UploadLimit = TimeSpan.FromMinutes(5);

    /// <param name="search">Part of a title; null: all.</param>
    public Task<ApiResult<ListPage<DocumentView>>> ListAsync(string? search, string? agent, string? cursor, CancellationToken cancellation) =>
        transport.GetAsync<ListPage<DocumentView>>(ApiCall.With(Root, ("q", search), ("agent", agent), ("cursor", cursor)), cancellation);

    public Task<ApiResult<DocumentView>> GetAsync(string id, CancellationToken cancellation) => transport.GetAsync<DocumentView>(PathOf(id), cancellation);

    public Task<ApiResult<DocumentText>> GetTextAsync(string id, CancellationToken cancellation) => transport.GetAsync<DocumentText>($"{PathOf(id)}/text", cancellation);

    public Task<ApiFailure?> DeleteAsync(string id, CancellationToken cancellation) => transport.DeleteAsync(PathOf(id), cancellation);

    public Task<ApiResult<ListPage<DocumentHit>>> SearchAsync(SearchDocuments search, CancellationToken cancellation) =>
        transport.PostAsync<ListPage<DocumentHit>>($"{Root}/search", search, cancellation);

    /// <summary>Sends a file; created is false where the same bytes were there already.</summary>
    /// <param name="agent">The only agent that may search it; null: all.</param>
    public async Task<ApiResult<DocumentView>> UploadAsync(Stream file, string name, string? mediaType, string? agent, CancellationToken cancellation)
    {
        using var form = new MultipartFormDataContent();
        var content = new StreamContent(file);
        if (MediaTypeHeaderValue.TryParse(mediaType, out var parsed))
        {
            content.Headers.ContentType = parsed;
        }

        form.Add(content, "file", name);
        form.Add(new StringContent(name), "title");
        if (agent is { Length: > 0 })
        {
            form.Add(new StringContent(agent), "agent");
        }

        return await transport.SendAsync<DocumentView>(new ApiCall(HttpMethod.Post, Root, form) { Limit = UploadLimit }, cancellation);
    }

    private static string PathOf(string id) => $"{Root}/{Uri.EscapeDataString(id)}";
}
