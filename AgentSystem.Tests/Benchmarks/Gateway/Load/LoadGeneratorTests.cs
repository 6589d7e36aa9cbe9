using System.Text;
using AgentSystem.Benchmarks.Gateway;
using AgentSystem.Benchmarks.Gateway.Load;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentSystem.Tests.Benchmarks.Gateway.Load;

public sealed class LoadGeneratorTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_OnTheScriptedModel_CountsEveryQuestionAsAnswered(bool streams)
    {
        await using var model = await ScriptedUpstream.StartAsync();
        var result = await LoadGenerator.RunAsync(Order(model) with { Streams = streams, Questions = 30 }, TestContext.Current.CancellationToken);
        Assert.True(result is { Answers: 30, Errors: 0 }, result.FirstError);
        Assert.InRange(result.FirstPieceP50, double.Epsilon, result.P99);
    }

    [Fact]
    public async Task Run_AnAnswerToAnotherQuestion_IsAnError()
    {
        await using var liar = await StartAsync(http => http.Response.WriteAsync("{\"choices\":[{\"message\":{\"content\":\"" + Script.Greeting("ask-000-000000000000") + string.Concat(Script.Pieces) + "\"}}]}"));
        var result = await LoadGenerator.RunAsync(Order(liar), TestContext.Current.CancellationToken);
        Assert.True(result is { Answers: 0, Errors: 4 });
        Assert.StartsWith("200: ", result.FirstError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_AFailureOrABrokenConnection_IsAnErrorAndDoesNotEndTheRun()
    {
        var asked = 0;
        await using var broken = await StartAsync(http =>
        {
            if (Interlocked.Increment(ref asked) % 2 == 0)
            {
                http.Abort();
            }

            http.Response.StatusCode = 503;
            return http.Response.WriteAsync("no");
        });
        var result = await LoadGenerator.RunAsync(Order(broken), TestContext.Current.CancellationToken);
        Assert.True(result is { Answers: 0, Errors: 4 });
    }

    [Fact]
    public void Percentile_ByNearestRank_IsAValueThatWasMeasured()
    {
        double[] sorted = [.. Enumerable.Range(1, 100)];
        Assert.Equal((50, 95, 99), (LoadGenerator.Percentile(sorted, 50), LoadGenerator.Percentile(sorted, 95), LoadGenerator.Percentile(sorted, 99)));
        Assert.Equal(7, LoadGenerator.Percentile([7], 50));
        Assert.Equal(0, LoadGenerator.Percentile([], 50));
    }

    [Fact]
    public void ReadContent_OfPiecesHoweverCut_IsTheWholeText() =>
        Assert.Equal("ab c", Asker.ReadContent(Encoding.UTF8.GetBytes("""data: {"delta":{"role":"assistant","content":""}} data: {"delta":{"content":"a"}} data: {"delta":{"content":"b c"}} data: {"delta":{"content":null}}""")));

    private static LoadOrder Order(WebApplication model) => new(new Uri(model.Urls.First()), new Dictionary<string, string>(), "up", Streams: false, ThinkMilliseconds: 0, Connections: 2, Seconds: 30, Questions: 4);

    private static async Task<WebApplication> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        return app;
    }
}
