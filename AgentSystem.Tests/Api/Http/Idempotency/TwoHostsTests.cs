using System.Net;
using System.Net.Http.Headers;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Harness;
using Microsoft.AspNetCore.Builder;

namespace AgentSystem.Tests.Api.Http.Idempotency;

/// <summary>Two APIs on one database: they share what is recorded, and stand in for each other.</summary>
public sealed class TwoHostsTests(IdempotentApi api) : IClassFixture<IdempotentApi>, IAsyncLifetime
{
    private WebApplication? neighbour;

    public async ValueTask InitializeAsync() => neighbour = await api.NeighbourAsync();

    public async ValueTask DisposeAsync() => await neighbour!.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_FiftyTimesAtOnceOverBoth_AsksTheModelOnce(bool stream)
    {
        var text = stream ? "fifty streams" : "fifty answers";
        using var gate = new SemaphoreSlim(0);
        api.Model.Then(Turn.Says("one answer for all of you") with { Gate = gate });
        using var here = api.Client();
        using var there = There();
        var sent = Enumerable.Range(0, 50).Select(i => BodyAsync(i % 2 == 0 ? here : there, text, stream)).ToList();
        await StreamChatTests.UntilAsync(() => api.Asked(text) == 1);
        gate.Release(10);

        var answers = await Task.WhenAll(sent);

        Assert.Equal(1, api.Asked(text));
        var whole = answers.Where(answer => answer.Status == HttpStatusCode.OK).ToList();
        // Who did not get it within the short wait of this test is told to come back, and nobody is told anything else.
        Assert.All(answers.Except(whole), answer => Assert.Equal((HttpStatusCode.Conflict, false), (answer.Status, stream)));
        Assert.Single(whole.Select(answer => answer.Body).Distinct());
        Assert.Single(whole, answer => !answer.Replayed);
        Assert.Equal((HttpStatusCode.OK, true, whole[0].Body), await BodyAsync(there, text, stream));
    }

    [Fact]
    public async Task Post_AStreamMadeByTheOther_IsReadAlongLive()
    {
        using var gate = new SemaphoreSlim(0);
        api.Model.Then(Turn.Says("live on both") with { Gate = gate });
        using var here = api.Client();
        using var there = There();
        using var first = await IdempotentApi.PostAsync(here, IdempotentApi.Chat, "live", IdempotentApi.Question("live", stream: true));
        using var second = await IdempotentApi.PostAsync(there, IdempotentApi.Chat, "live", IdempotentApi.Question("live", stream: true));
        using var reader = new StreamReader(await second.Content.ReadAsStreamAsync());
        var before = "";
        while (!before.Contains("\"live\"", StringComparison.Ordinal))
        {
            before += await reader.ReadLineAsync();
        }

        // The first word is here while the model has not said the second.
        Assert.DoesNotContain("both", before, StringComparison.Ordinal);
        gate.Release(3);
        Assert.Contains("both", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_WhenTheProcessThatRanItDied_RunsAgainInTheOther()
    {
        using var gate = new SemaphoreSlim(0);
        api.Model.Then(Turn.Says("never heard") with { Gate = gate });
        using var here = api.Client();
        using var there = There();
        using var first = await IdempotentApi.PostAsync(here, IdempotentApi.Chat, "dies", IdempotentApi.Question("die in the middle", stream: true));
        await api.SilenceAsync();
        using var second = await IdempotentApi.PostAsync(there, IdempotentApi.Chat, "dies", IdempotentApi.Question("die in the middle", stream: true));
        var body = await second.Content.ReadAsStringAsync();
        gate.Release(10);

        Assert.False(IdempotentApi.IsReplayed(second));
        Assert.Contains("DIE", body, StringComparison.Ordinal);
        Assert.Equal(2, api.Asked("die in the middle"));
        // What the first one made is nobody's: the recording is the second's.
        await first.Content.ReadAsStringAsync();
        Assert.Equal((HttpStatusCode.OK, true, body), await BodyAsync(here, "die in the middle", stream: true, "dies"));
    }

    [Fact]
    public async Task Reader_OfAStreamWhoseProcessDied_GetsAnErrorAndAnEnd()
    {
        using var gate = new SemaphoreSlim(0);
        api.Model.Then(Turn.Says("cut off here") with { Gate = gate });
        using var here = api.Client();
        using var there = There();
        using var first = await IdempotentApi.PostAsync(here, IdempotentApi.Chat, "cut", IdempotentApi.Question("cut", stream: true));
        using var second = await IdempotentApi.PostAsync(there, IdempotentApi.Chat, "cut", IdempotentApi.Question("cut", stream: true));
        await api.SilenceAsync();
        var body = await second.Content.ReadAsStringAsync();
        gate.Release(10);

        Assert.True(IdempotentApi.IsReplayed(second));
        Assert.Contains("stream_abandoned", body, StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", body, StringComparison.Ordinal);
    }

    private HttpClient There() => new() { BaseAddress = new Uri(neighbour!.Urls.First()), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", ApiFixture.Admin) } };

    private static async Task<(HttpStatusCode Status, bool Replayed, string Body)> BodyAsync(HttpClient client, string text, bool stream, string? key = null)
    {
        using var answer = await IdempotentApi.PostAsync(client, IdempotentApi.Chat, key ?? text.Replace(' ', '-'), IdempotentApi.Question(text, stream));
        return (answer.StatusCode, IdempotentApi.IsReplayed(answer), await answer.Content.ReadAsStringAsync());
    }
}
