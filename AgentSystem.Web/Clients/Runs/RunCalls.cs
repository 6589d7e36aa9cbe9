using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Runs;

namespace AgentSystem.Web.Clients.Runs;

/// <summary>Durable runs: those there are, what they do, and what people decide about them.</summary>
internal sealed class RunCalls(ApiTransport transport)
{
    private const string Root = "/api/v1/runs";

    public Task<ApiResult<ListPage<RunSummary>>> ListAsync(RunFilter filter, string? cursor, CancellationToken cancellation) =>
        transport.GetAsync<ListPage<RunSummary>>(ApiCall.With(Root, ("status", filter.Status), ("agent", filter.Agent), ("cursor", cursor)), cancellation);

    public Task<ApiResult<RunView>> GetAsync(string id, CancellationToken cancellation) => transport.GetAsync<RunView>(PathOf(id), cancellation);

    public Task<ApiResult<RunStarted>> BeginAsync(CreateRun run, CancellationToken cancellation) => transport.PostAsync<RunStarted>(Root, run, cancellation);

    public Task<ApiResult<RunView>> CancelAsync(string id, CancellationToken cancellation) => transport.PostAsync<RunView>($"{PathOf(id)}/cancel", null, cancellation);

    public Task<ApiResult<ListPage<ApprovalView>>> ApprovalsAsync(string id, CancellationToken cancellation) => transport.GetAsync<ListPage<ApprovalView>>($"{PathOf(id)}/approvals", cancellation);

    public Task<ApiResult<RunView>> DecideAsync(string id, DecideApproval decision, CancellationToken cancellation) => transport.PostAsync<RunView>($"{PathOf(id)}/approvals", decision, cancellation);

    public Task<ApiResult<RunStarted>> ForkAsync(string id, int? step, CancellationToken cancellation) => transport.PostAsync<RunStarted>($"{PathOf(id)}/fork", new ForkRun(step), cancellation);

    /// <summary>Events after number <paramref name="after"/> as they happen. Ends with the run, and also where the stream breaks off or cannot be opened: whoever wants more asks again after the last one.</summary>
    public async IAsyncEnumerable<RunEventView> FollowAsync(string id, long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var opened = await transport.OpenAsync(new ApiCall(HttpMethod.Get, $"{PathOf(id)}/events") { LastEventId = after > 0 ? after : null }, cancellation);
        if (!opened.IsSuccess)
        {
            yield break;
        }

        using var answer = opened.Value;
        await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
        await using var events = SseParser.Create(body).EnumerateAsync(cancellation).GetAsyncEnumerator(cancellation);
        while (await NextAsync(events) is { } happened)
        {
            yield return happened;
        }
    }

    private static async Task<RunEventView?> NextAsync(IAsyncEnumerator<SseItem<string>> events)
    {
        try
        {
            return await events.MoveNextAsync() && long.TryParse(events.Current.EventId, out var number)
                ? new RunEventView(number, events.Current.EventType, JsonElement.Parse(events.Current.Data))
                : null;
        }
        catch (Exception error) when (error is IOException or HttpRequestException or JsonException)
        {
            return null;
        }
    }

    private static string PathOf(string id) => $"{Root}/{Uri.EscapeDataString(id)}";
}

/// <summary>Which runs are wanted; null: any.</summary>
internal sealed record RunFilter(string? Status, string? Agent);
