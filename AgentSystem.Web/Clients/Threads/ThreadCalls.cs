using System.Globalization;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Threads;

namespace AgentSystem.Web.Clients.Threads;

/// <summary>Conversations that are kept.</summary>
internal sealed class ThreadCalls(ApiTransport transport)
{
    private const string Root = "/api/v1/threads";
    private const int MessagesAtOnce = 200;

    /// <summary>More than a person reads in one go; the export has the whole.</summary>
    private const int LongestReading = 2000;

    public Task<ApiResult<ListPage<ThreadView>>> ListAsync(ThreadFilter filter, string? cursor, CancellationToken cancellation) =>
        transport.GetAsync<ListPage<ThreadView>>(ApiCall.With(Root, ("q", filter.Search), ("agent", filter.Agent), ("user", filter.User), ("cursor", cursor)), cancellation);

    public Task<ApiResult<ThreadView>> GetAsync(string id, CancellationToken cancellation) => transport.GetAsync<ThreadView>(PathOf(id), cancellation);

    /// <summary>The newest messages, page after page, up to a length nobody reads on a screen; given in their order.</summary>
    public async Task<ApiResult<ThreadReading>> ReadAsync(string id, CancellationToken cancellation)
    {
        List<MessageView> messages = [];
        string? cursor = null;
        do
        {
            var page = await transport.GetAsync<ListPage<MessageView>>(
                ApiCall.With($"{PathOf(id)}/messages", ("order", "desc"), ("limit", MessagesAtOnce.ToString(CultureInfo.InvariantCulture)), ("cursor", cursor)), cancellation);
            if (!page.IsSuccess)
            {
                return page.Failure;
            }

            messages.AddRange(page.Value.Data);
            cursor = page.Value.NextCursor;
        }
        while (cursor is not null && messages.Count < LongestReading);
        messages.Reverse();
        return new ThreadReading(messages, Whole: cursor is null);
    }

    public Task<ApiResult<ThreadView>> RenameAsync(string id, string title, CancellationToken cancellation) =>
        transport.SendAsync<ThreadView>(new ApiCall(HttpMethod.Patch, PathOf(id), new UpdateThread(title)), cancellation);

    /// <summary>The whole conversation as the API writes it, JSON.</summary>
    public Task<ApiResult<string>> ExportAsync(string id, CancellationToken cancellation) => transport.GetAsync<string>($"{PathOf(id)}/export", cancellation);

    public Task<ApiFailure?> DeleteAsync(string id, CancellationToken cancellation) => transport.DeleteAsync(PathOf(id), cancellation);

    private static string PathOf(string id) => $"{Root}/{Uri.EscapeDataString(id)}";
}

/// <summary>Which threads are wanted; null: any.</summary>
/// <param name="Search">Words in the messages or the title.</param>
internal sealed record ThreadFilter(string? Search, string? Agent, string? User);

/// <summary>The messages of a thread.</summary>
/// <param name="Whole">False when there are older ones that are not here.</param>
public sealed record ThreadReading(IReadOnlyList<MessageView> Messages, bool Whole);
