using System.Text.Json;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Responses;

namespace AgentSystem.Web.Clients.Responses;

/// <summary>Kept responses: those there are, what each was asked and said, and their end.</summary>
internal sealed class ResponseCalls(ApiTransport transport)
{
    private const string Root = "/v1/responses";

    public Task<ApiResult<ListPage<ResponseSummary>>> ListAsync(string? status, string? cursor, CancellationToken cancellation) =>
        transport.GetAsync<ListPage<ResponseSummary>>(ApiCall.With("/api/v1/responses", ("status", status), ("cursor", cursor)), cancellation);

    public Task<ApiResult<ResponseDocument>> GetAsync(string id, CancellationToken cancellation) => transport.GetAsync<ResponseDocument>(PathOf(id), cancellation);

    /// <summary>What it was asked, the oldest first.</summary>
    public Task<ApiResult<ResponseItems>> InputAsync(string id, CancellationToken cancellation) =>
        transport.GetAsync<ResponseItems>($"{PathOf(id)}/input_items?order=asc&limit=100", cancellation);

    public Task<ApiResult<ResponseDocument>> CancelAsync(string id, CancellationToken cancellation) => transport.PostAsync<ResponseDocument>($"{PathOf(id)}/cancel", null, cancellation);

    public Task<ApiFailure?> DeleteAsync(string id, CancellationToken cancellation) => transport.DeleteAsync(PathOf(id), cancellation);

    private static string PathOf(string id) => $"{Root}/{Uri.EscapeDataString(id)}";
}

/// <summary>A response as OpenAI's clients see it, as far as the console shows it.</summary>
/// <param name="CreatedAt">Seconds since 1970.</param>
/// <param name="Output">Its items.</param>
internal sealed record ResponseDocument(
    string Id, string Status, bool? Background, string? Model, long CreatedAt, string? PreviousResponseId, JsonElement Output, ResponseProblem? Error, ResponseTokens? Usage);

/// <summary>Why there is no answer.</summary>
internal sealed record ResponseProblem(string? Code, string Message);

/// <summary>What was read and written.</summary>
internal sealed record ResponseTokens(long InputTokens, long OutputTokens);

/// <summary>A page of items.</summary>
internal sealed record ResponseItems(JsonElement Data);
