using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Limits;
using AgentSystem.Contracts.Platform;

namespace AgentSystem.Web.Clients.Platform;

/// <summary>What whoever runs the platform does to it while it runs.</summary>
internal sealed class OperationCalls(ApiTransport transport)
{
    private const string Instances = "/api/v1/instances";

    /// <summary>Forgets every kept answer of the tenant.</summary>
    public Task<ApiResult<CacheCleared>> ClearCacheAsync(CancellationToken cancellation) =>
        transport.SendAsync<CacheCleared>(new ApiCall(HttpMethod.Delete, "/api/v1/cache"), cancellation);

    /// <summary>The processes that run agents.</summary>
    public Task<ApiResult<ListPage<InstanceView>>> ListInstancesAsync(CancellationToken cancellation) =>
        transport.GetAllAsync<InstanceView>(Instances, cancellation);

    /// <summary>The limits of keys and models, and how far they are used.</summary>
    public Task<ApiResult<ListPage<LimitView>>> ListLimitsAsync(CancellationToken cancellation) => transport.GetAllAsync<LimitView>("/api/v1/limits", cancellation);

    /// <summary>Lets an instance take no new runs; those it has go on to their end.</summary>
    public Task<ApiResult<InstanceView>> DrainAsync(string name, CancellationToken cancellation) =>
        transport.PostAsync<InstanceView>($"{Instances}/{Uri.EscapeDataString(name)}/drain", null, cancellation);

    /// <summary>Lets an instance take new runs again.</summary>
    public Task<ApiResult<InstanceView>> ResumeAsync(string name, CancellationToken cancellation) =>
        transport.PostAsync<InstanceView>($"{Instances}/{Uri.EscapeDataString(name)}/resume", null, cancellation);

    /// <summary>Replaces the admin key: the answer is the only one that shows the new one, and the old one stops within seconds.</summary>
    public Task<ApiResult<CreatedKey>> RotateAdminKeyAsync(CancellationToken cancellation) =>
        transport.PostAsync<CreatedKey>("/api/v1/keys/admin/rotate", null, cancellation);
}
