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
    public Task<ApiResult<ListPage<AgentView>>> ListAsync(string? search, string? cursor, CancellationToken cancellation, int limit = PageSize) =>
        transport.GetAsync<ListPage<AgentView>>(ApiCall.With(Root, ("q", search?.Trim()), ("limit", limit.ToString(CultureInfo.InvariantCulture)), ("cursor", cursor)), cancellation);

    /// <summary>The active version.</summary>
    public Task<ApiResult<AgentVersionView>> GetAsync(string name, CancellationToken cancellation) =>
        transport.GetAsync<AgentVersionView>(PathOf(name), cancellation);

    public Task<ApiResult<AgentVersionView>> GetVersionAsync(string name, int version, CancellationToken cancellation) =>
        transport.GetAsync<AgentVersionView>($"{PathOf(name)}/versions/{version}", cancellation);

    /// <summary>Newest first.</summary>
    public Task<ApiResult<ListPage<AgentVersionView>>> ListVersionsAsync(string name, string? cursor, CancellationToken cancellation) =>
        transport.GetAsync<ListPage<AgentVersionView>>(ApiCall.With($"{PathOf(name)}/versions", ("cursor", cursor)), cancellation);

    public Task<ApiResult<AgentVersionView>> CreateAsync(CreateAgent agent, CancellationToken cancellation) =>
        transport.PostAsync<AgentVersionView>(Root, agent, cancellation);

    /// <summary>Makes a new version.</summary>
    /// <param name="activate">Whether it answers calls from now on.</param>
    /// <param name="seen">The agent as it was when the change was begun: the API refuses with 412 when it has changed since.</param>
    public Task<ApiResult<AgentVersionView>> AddVersionAsync(CreateAgent agent, bool activate, AgentVersionView seen, CancellationToken cancellation) =>
        transport.SendAsync<AgentVersionView>(
            new ApiCall(HttpMethod.Post, ApiCall.With($"{PathOf(agent.Name)}/versions", ("activate", activate ? null : "false")), agent) { IfMatch = ETag(seen) },
            cancellation);

    public Task<ApiResult<AgentVersionView>> ActivateAsync(string name, int version, AgentVersionView seen, CancellationToken cancellation) =>
        transport.SendAsync<AgentVersionView>(new ApiCall(HttpMethod.Post, $"{PathOf(name)}/activate", new ActivateAgent(version)) { IfMatch = ETag(seen) }, cancellation);

    public Task<ApiResult<AgentDiff>> DiffAsync(string name, int from, int to, CancellationToken cancellation) =>
        transport.GetAsync<AgentDiff>($"{PathOf(name)}/diff?from={from}&to={to}", cancellation);

    /// <summary>Takes the agent out of service; its versions stay on record.</summary>
    public Task<ApiFailure?> ArchiveAsync(string name, CancellationToken cancellation) => transport.DeleteAsync(PathOf(name), cancellation);

    private static string PathOf(string name) => $"{Root}/{Uri.EscapeDataString(name)}";

    private static string ETag(AgentVersionView seen) => $"\"v{seen.ActiveVersion}-{seen.LatestVersion}\"";
}
