using AgentSystem.Contracts.DeadLetters;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Schedules;

namespace AgentSystem.Web.Clients.Runs;

/// <summary>Runs that start by the clock, and what could not be done.</summary>
internal sealed class ScheduleCalls(ApiTransport transport)
{
    private const string Root = "/api/v1/schedules";
    private const string Dead = "/api/v1/dead-letters";

    public Task<ApiResult<ListPage<ScheduleView>>> ListAsync(string? cursor, CancellationToken cancellation) => transport.GetAsync<ListPage<ScheduleView>>(ApiCall.With(Root, ("cursor", cursor)), cancellation);

    public Task<ApiResult<ScheduleView>> CreateAsync(CreateSchedule schedule, CancellationToken cancellation) => transport.PostAsync<ScheduleView>(Root, schedule, cancellation);

    /// <summary>Pauses it, or lets it go on.</summary>
    public Task<ApiResult<ScheduleView>> EnableAsync(string id, bool enabled, CancellationToken cancellation) =>
        transport.SendAsync<ScheduleView>(new ApiCall(HttpMethod.Patch, PathOf(id), new ChangeSchedule(Enabled: enabled)), cancellation);

    public Task<ApiFailure?> DeleteAsync(string id, CancellationToken cancellation) => transport.DeleteAsync(PathOf(id), cancellation);

    public Task<ApiResult<ListPage<DeadLetterView>>> DeadLettersAsync(string? cursor, CancellationToken cancellation) =>
        transport.GetAsync<ListPage<DeadLetterView>>(ApiCall.With(Dead, ("cursor", cursor)), cancellation);

    /// <summary>Tries it anew.</summary>
    public async Task<ApiFailure?> RetryAsync(string id, CancellationToken cancellation) =>
        (await transport.PostAsync<object>($"{Dead}/{Uri.EscapeDataString(id)}/retry", null, cancellation)).Failure;

    /// <summary>Leaves it undone.</summary>
    public Task<ApiFailure?> DiscardAsync(string id, CancellationToken cancellation) => transport.DeleteAsync($"{Dead}/{Uri.EscapeDataString(id)}", cancellation);

    private static string PathOf(string id) => $"{Root}/{Uri.EscapeDataString(id)}";
}
