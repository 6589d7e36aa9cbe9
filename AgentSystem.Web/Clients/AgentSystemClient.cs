using AgentSystem.Contracts.Feedback;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Monitoring;
using AgentSystem.Contracts.Platform;
using AgentSystem.Contracts.Security;
using AgentSystem.Contracts.Usage;
using AgentSystem.Web.Clients.Agents;
using AgentSystem.Web.Clients.Audit;
using AgentSystem.Web.Clients.Budgets;
using AgentSystem.Web.Clients.Chat;
using AgentSystem.Web.Clients.Documents;
using AgentSystem.Web.Clients.Memory;
using AgentSystem.Web.Clients.Perception;
using AgentSystem.Web.Clients.Platform;
using AgentSystem.Web.Clients.Responses;
using AgentSystem.Web.Clients.Runs;
using AgentSystem.Web.Clients.Security;
using AgentSystem.Web.Clients.Sessions;
using AgentSystem.Web.Clients.Threads;
using AgentSystem.Web.Clients.Tools;

namespace AgentSystem.Web.Clients;

/// <summary>Everything the console asks of the API, in the API's own nouns. Failures are values.</summary>
internal sealed class AgentSystemClient(ApiTransport transport)
{
    /// <summary>Name of the <see cref="HttpClient"/> that knows the API's address.</summary>
    public const string HttpClientName = "api";

    /// <summary>What an admin key is called whose name cannot be told.</summary>
    public const string UnnamedAdmin = "Administrator";

    private const int LongestKey = 512;

    public AgentCalls Agents { get; } = new(transport);

    public ThreadCalls Threads { get; } = new(transport);

    public RunCalls Runs { get; } = new(transport);

    public ResponseCalls Responses { get; } = new(transport);

    public ScheduleCalls Schedules { get; } = new(transport);

    public WebhookCalls Webhooks { get; } = new(transport);

    public ToolCalls Tools { get; } = new(transport);

    public MemoryCalls Memory { get; } = new(transport);

    public SessionCalls Sessions { get; } = new(transport);

    public DocumentCalls Documents { get; } = new(transport);

    public PerceptionCalls Perception { get; } = new(transport);

    public ModelCalls Models { get; } = new(transport);

    public OperationCalls Operations { get; } = new(transport);

    public BudgetCalls Budgets { get; } = new(transport);

    public SecurityCalls Security { get; } = new(transport);

    public AuditCalls Audit { get; } = new(transport);

    public Task<ApiResult<Overview>> GetOverviewAsync(CancellationToken cancellation) =>
        transport.GetAsync<Overview>("/api/v1/monitoring/overview", cancellation);

    public Task<ApiResult<RequestUsage>> GetRequestAsync(string requestId, CancellationToken cancellation) =>
        transport.GetAsync<RequestUsage>($"/api/v1/usage/requests/{Uri.EscapeDataString(requestId)}", cancellation);

    /// <summary>What runs here, and with which settings.</summary>
    public Task<ApiResult<SystemView>> GetSystemAsync(CancellationToken cancellation) =>
        transport.GetAsync<SystemView>("/api/v1/system", cancellation);

    /// <summary>All keys of the tenant on one page: what is looked for among them is looked for among all.</summary>
    /// <param name="key">The key to ask with; null: the signed-in one.</param>
    public Task<ApiResult<ListPage<KeyView>>> ListKeysAsync(CancellationToken cancellation, string? key = null) => transport.GetAllAsync<KeyView>("/api/v1/keys", cancellation, key);

    public Task<ApiResult<CreatedKey>> CreateKeyAsync(CreateKey key, CancellationToken cancellation) =>
        transport.PostAsync<CreatedKey>("/api/v1/keys", key, cancellation);

    public Task<ApiFailure?> RevokeKeyAsync(string id, CancellationToken cancellation) =>
        transport.DeleteAsync($"/api/v1/keys/{Uri.EscapeDataString(id)}", cancellation);

    public Task<ApiResult<FeedbackView>> GiveFeedbackAsync(GiveFeedback feedback, CancellationToken cancellation) =>
        transport.PostAsync<FeedbackView>("/api/v1/feedback", feedback, cancellation);

    /// <summary>Who the API takes the bearer of <paramref name="token"/> for.</summary>
    public Task<ApiResult<IdentityView>> WhoAsync(string token, CancellationToken cancellation) => transport.GetAsync<IdentityView>("/api/v1/me", cancellation, token);

    /// <summary>The tenant of whoever is signed in.</summary>
    public Task<ApiResult<ListPage<TenantView>>> ListTenantsAsync(CancellationToken cancellation) => transport.GetAllAsync<TenantView>("/api/v1/tenants", cancellation);

    /// <summary>The tenant's teams.</summary>
    public Task<ApiResult<ListPage<TeamView>>> ListTeamsAsync(CancellationToken cancellation) => transport.GetAllAsync<TeamView>("/api/v1/teams", cancellation);

    /// <summary>Asks for an answer and gives it piece by piece; the last event is a <see cref="ChatFinished"/> or a <see cref="ChatFailed"/>, unless cancelled.</summary>
    public IAsyncEnumerable<ChatEvent> ChatAsync(ChatQuestion question, CancellationToken cancellation) =>
        ChatStream.OpenAsync(transport, question, cancellation);

    /// <summary>Whether <paramref name="key"/> administers the platform. Gives the name it was created with.</summary>
    public async Task<ApiResult<string>> CheckAdminKeyAsync(string key, CancellationToken cancellation)
    {
        // A header carries visible ASCII only; anything else was mistyped or pasted with its surroundings.
        if (key.Length is 0 or > LongestKey || key.Any(static letter => letter is <= ' ' or > '~'))
        {
            return new ApiFailure(StatusCodes.Status401Unauthorized, "invalid_api_key", "That is not a key: keys have no spaces and no special characters.");
        }

        var keys = await ListKeysAsync(cancellation, key);
        return keys.IsSuccess
            ? keys.Value.Data.FirstOrDefault(view => view.RevokedAt is null && view.Prefix.Length > 0 && key.StartsWith(view.Prefix.TrimEnd('.', '…'), StringComparison.Ordinal))?.Name ?? UnnamedAdmin
            : keys.Failure;
    }
}
