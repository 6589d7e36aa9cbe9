using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Models;
using AgentSystem.Contracts.Tools;

namespace AgentSystem.Web.Clients.Tools;

/// <summary>The tools agents may call: registered, read anew, approved, tried.</summary>
internal sealed class ToolCalls(ApiTransport transport)
{
    private const string Root = "/api/v1/tools";

    /// <summary>A tool may take five minutes by its own limit.</summary>
    private static readonly TimeSpan CallLimit = TimeSpan.FromMinutes(6);

    public Task<ApiResult<ListPage<ToolView>>> ListAsync(string? cursor, CancellationToken cancellation) => transport.GetAsync<ListPage<ToolView>>(ApiCall.With(Root, ("cursor", cursor)), cancellation);

    /// <summary>All of them: what an agent may be given.</summary>
    public Task<ApiResult<ListPage<ToolView>>> AllAsync(CancellationToken cancellation) => transport.GetAllAsync<ToolView>(Root, cancellation);

    public Task<ApiResult<ToolView>> FindAsync(string name, CancellationToken cancellation) => transport.GetAsync<ToolView>(PathOf(name), cancellation);

    public Task<ApiResult<ListPage<ToolVersionView>>> VersionsAsync(string name, CancellationToken cancellation) => transport.GetAsync<ListPage<ToolVersionView>>($"{PathOf(name)}/versions", cancellation);

    public Task<ApiResult<ToolImport>> CreateAsync(CreateTool tool, CancellationToken cancellation) => transport.SendAsync<ToolImport>(new ApiCall(HttpMethod.Post, Root, tool) { Limit = CallLimit }, cancellation);

    public Task<ApiResult<ToolView>> ChangeAsync(string name, ChangeTool change, CancellationToken cancellation) => transport.SendAsync<ToolView>(new ApiCall(HttpMethod.Patch, PathOf(name), change), cancellation);

    public Task<ApiResult<ToolView>> ApproveAsync(string name, int version, CancellationToken cancellation) => transport.PostAsync<ToolView>($"{PathOf(name)}/approve", new ApproveTool(version), cancellation);

    public Task<ApiResult<ToolImport>> RefreshAsync(string name, CancellationToken cancellation) => transport.SendAsync<ToolImport>(new ApiCall(HttpMethod.Post, $"{PathOf(name)}/refresh") { Limit = CallLimit }, cancellation);

    public Task<ApiResult<ToolView>> SetBreakerAsync(string name, bool open, CancellationToken cancellation) => transport.PostAsync<ToolView>($"{PathOf(name)}/breaker", new SetBreaker(open ? "open" : "closed"), cancellation);

    public Task<ApiResult<InvokedTool>> InvokeAsync(string name, InvokeTool call, CancellationToken cancellation) =>
        transport.SendAsync<InvokedTool>(new ApiCall(HttpMethod.Post, $"{PathOf(name)}/invoke", call) { Limit = CallLimit }, cancellation);

    public Task<ApiFailure?> DeleteAsync(string name, CancellationToken cancellation) => transport.DeleteAsync(PathOf(name), cancellation);

    private static string PathOf(string name) => $"{Root}/{Uri.EscapeDataString(name)}";
}
