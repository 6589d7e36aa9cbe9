using System.Globalization;
using AgentSystem.Contracts.Agents;
using AgentSystem.Contracts.Json;

namespace AgentSystem.Web.Clients.Agents;

/// <summary>Agents and their versions.</summary>
internal sealed class AgentCalls(ApiTransport transport)
{
    /// <summary>Rows of one page of the list.</summary>
    public const int PageSize = 50;

    private const string Root = "/api/v1/agents";

    /// <param name="search">Part of a name or description; null: all.</param>
    /// <param name="cursor">Where the page before ended; null: the first page.</param>
    /// <param name="archived">Those that are put away, instead of those that answer.</param>
    public Task<ApiResult<ListPage<AgentView>>> ListAsync(string? search, string? cursor, CancellationToken cancellation, int limit = PageSize, bool archived = false) =>
        transport.GetAsync<ListPage<AgentView>>(
            ApiCall.With(Root, ("q", search?.Trim()), ("archived", archived ? "true" : null), ("limit", limit.ToString(CultureInfo.InvariantCulture)), ("cursor", cursor)), cancellation);

    /// <summary>The active version, also of an archived agent.</summary>
    public Task<ApiResult<AgentVersionView>> GetAsync(string name, CancellationToken cancellation) =>
        transport.GetAsync<AgentVersionView>(PathOf(name), cancellation);

    /// <summary>Newest first; the ETag is the agent's.</summary>
    public Task<ApiResult<ListPage<AgentVersionView>>> ListVersionsAsync(string name, string? cursor, CancellationToken cancellation) =>
        transport.GetAsync<ListPage<AgentVersionView>>(ApiCall.With($"{PathOf(name)}/versions", ("cursor", cursor)), cancellation);

    public Task<ApiResult<AgentVersionView>> CreateAsync(CreateAgent agent, CancellationToken cancellation) =>
        transport.PostAsync<AgentVersionView>(Root, agent, cancellation);

    /// <summary>Makes a new version.</summary>
    /// <param name="activate">Whether it answers calls from now on.</param>
    /// <param name="seen">The agent's ETag when the change was begun: the API refuses with 412 when it has changed since.</param>
    public Task<ApiResult<AgentVersionView>> AddVersionAsync(CreateAgent agent, bool activate, string? seen, CancellationToken cancellation) =>
        transport.SendAsync<AgentVersionView>(
            new ApiCall(HttpMethod.Post, ApiCall.With($"{PathOf(agent.Name)}/versions", ("activate", activate ? null : "false")), agent) { IfMatch = seen },
            cancellation);

    /// <summary>Lets a version answer; an archived agent comes back with it.</summary>
    /// <param name="seen">The agent's ETag when the person decided.</param>
    public Task<ApiResult<AgentVersionView>> ActivateAsync(string name, int version, string? seen, CancellationToken cancellation) =>
        transport.SendAsync<AgentVersionView>(new ApiCall(HttpMethod.Post, $"{PathOf(name)}/activate", new ActivateAgent(version)) { IfMatch = seen }, cancellation);

    public Task<ApiResult<AgentDiff>> DiffAsync(string name, int from, int to, CancellationToken cancellation) =>
        transport.GetAsync<AgentDiff>($"{PathOf(name)}/diff?from={from}&to={to}", cancellation);

    /// <summary>Takes the agent out of service; its versions stay on record.</summary>
    public Task<ApiFailure?> ArchiveAsync(string name, CancellationToken cancellation) => transport.DeleteAsync(PathOf(name), cancellation);

    private static string PathOf(string name) => $"{Root}/{Uri.EscapeDataString(name)}";
}
