using System.Globalization;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Sessions;

namespace AgentSystem.Web.Clients.Sessions;

/// <summary>The state agents keep, and conflicts about it.</summary>
internal sealed class SessionCalls(ApiTransport transport)
{
    private const string Root = "/api/v1/state";

    public Task<ApiResult<ListPage<SessionSummary>>> ListAsync(string? agent, string? prefix, string? cursor, CancellationToken cancellation) =>
        transport.GetAsync<ListPage<SessionSummary>>(ApiCall.With(Root, ("agent", agent), ("prefix", prefix), ("cursor", cursor)), cancellation);

    public Task<ApiResult<SessionView>> GetAsync(string agent, string session, CancellationToken cancellation) => transport.GetAsync<SessionView>(PathOf(agent, session), cancellation);

    /// <summary>Removes a key, or with null the session, if it is still at the version that was seen.</summary>
    public Task<ApiResult<StateUpdated>> DeleteAsync(string agent, string session, string? key, long version, CancellationToken cancellation) =>
        transport.SendAsync<StateUpdated>(new ApiCall(HttpMethod.Delete, ApiCall.With(PathOf(agent, session), ("key", key))) { IfMatch = string.Create(CultureInfo.InvariantCulture, $"\"{version}\"") }, cancellation);

    public Task<ApiResult<ListPage<ConflictView>>> ConflictsAsync(string status, string? cursor, CancellationToken cancellation) =>
        transport.GetAsync<ListPage<ConflictView>>(ApiCall.With($"{Root}/conflicts", ("status", status), ("cursor", cursor)), cancellation);

    public Task<ApiResult<ConflictView>> ResolveAsync(string id, ResolveConflict choice, CancellationToken cancellation) =>
        transport.PostAsync<ConflictView>($"{Root}/conflicts/{Uri.EscapeDataString(id)}/resolve", choice, cancellation);

    private static string PathOf(string agent, string session) => $"{Root}/{Uri.EscapeDataString(agent)}/{Uri.EscapeDataString(session)}";
}
