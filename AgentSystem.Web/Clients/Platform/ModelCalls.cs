using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Models;

namespace AgentSystem.Web.Clients.Platform;

/// <summary>The configured models and how they do.</summary>
internal sealed class ModelCalls(ApiTransport transport)
{
    private const string Root = "/api/v1/models";

    /// <summary>Weights of many gigabytes come from a disk first; an answer of a small machine takes its time.</summary>
    private static readonly TimeSpan WorkLimit = TimeSpan.FromMinutes(5);

    public Task<ApiResult<ListPage<ModelView>>> ListAsync(CancellationToken cancellation) => transport.GetAsync<ListPage<ModelView>>(Root, cancellation);

    public Task<ApiResult<ModelStatus>> GetAsync(string name, CancellationToken cancellation) => transport.GetAsync<ModelStatus>(PathOf(name), cancellation);

    /// <summary>Makes it ready to answer.</summary>
    public Task<ApiResult<ModelStatus>> LoadAsync(string name, CancellationToken cancellation) =>
        transport.SendAsync<ModelStatus>(new ApiCall(HttpMethod.Post, $"{PathOf(name)}/load") { Limit = WorkLimit }, cancellation);

    /// <summary>Asks the bare model one question, measured.</summary>
    public Task<ApiResult<ModelTrial>> TryAsync(string name, TryModel question, CancellationToken cancellation) =>
        transport.SendAsync<ModelTrial>(new ApiCall(HttpMethod.Post, $"{PathOf(name)}/try", question) { Limit = WorkLimit }, cancellation);

    /// <summary>Turns its breaker by hand.</summary>
    /// <param name="open">True: no call reaches it until it is closed again. False: calls pass, and failures counted so far are forgotten.</param>
    public Task<ApiResult<ModelStatus>> SetBreakerAsync(string name, bool open, CancellationToken cancellation) =>
        transport.PostAsync<ModelStatus>($"{PathOf(name)}/breaker", new SetBreaker(open ? "open" : "closed"), cancellation);

    private static string PathOf(string name) => $"{Root}/{Uri.EscapeDataString(name)}";
}
