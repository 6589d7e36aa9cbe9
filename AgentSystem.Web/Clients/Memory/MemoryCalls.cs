using System.Globalization;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Memory;

namespace AgentSystem.Web.Clients.Memory;

/// <summary>What agents remember.</summary>
internal sealed class MemoryCalls(ApiTransport transport)
{
    private const string Root = "/api/v1/memory";

    /// <param name="asOf">What was so then; null: closed memories too.</param>
    public Task<ApiResult<ListPage<MemoryView>>> ListAsync(string? agent, string? user, DateTimeOffset? asOf, string? cursor, CancellationToken cancellation) =>
        transport.GetAsync<ListPage<MemoryView>>(ApiCall.With(Root, ("agent", agent), ("user", user), ("as_of", Moment(asOf)), ("cursor", cursor)), cancellation);

    public Task<ApiResult<MemoryFound>> SearchAsync(SearchMemory search, CancellationToken cancellation) => transport.PostAsync<MemoryFound>($"{Root}/search", search, cancellation);

    public Task<ApiResult<MemoryGraph>> GraphAsync(string agent, string? user, DateTimeOffset? asOf, CancellationToken cancellation) =>
        transport.GetAsync<MemoryGraph>(ApiCall.With($"{Root}/graph", ("agent", agent), ("user", user), ("as_of", Moment(asOf))), cancellation);

    public Task<ApiResult<MemoryIndexView>> IndexAsync(CancellationToken cancellation) => transport.GetAsync<MemoryIndexView>($"{Root}/index", cancellation);

    public Task<ApiFailure?> ForgetAsync(string id, CancellationToken cancellation) => transport.DeleteAsync($"{Root}/{Uri.EscapeDataString(id)}", cancellation);

    public Task<ApiResult<ErasureReceipt>> EraseAsync(EraseMemory erasure, CancellationToken cancellation) => transport.PostAsync<ErasureReceipt>($"{Root}/erasures", erasure, cancellation);

    public Task<ApiResult<ErasureReceipt>> ReceiptAsync(string id, CancellationToken cancellation) => transport.GetAsync<ErasureReceipt>($"{Root}/erasures/{Uri.EscapeDataString(id)}", cancellation);

    private static string? Moment(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
