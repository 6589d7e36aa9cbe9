using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using AgentSystem.Runtime.Resilience;
using AgentSystem.ServiceDefaults.Resilience;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentSystem.Tests.ServiceDefaults.Resilience;

public sealed class ReadRetriesTests
{
    private int asked;

    [Fact]
    public async Task Get_TheApiIsAwayTwice_IsAnsweredAtTheThirdAttempt()
    {
        using var answer = await SendAsync(HttpMethod.Get, attempt => new(attempt < 3 ? HttpStatusCode.BadGateway : HttpStatusCode.OK));

        Assert.Equal((HttpStatusCode.OK, 3), (answer.StatusCode, asked));
    }

    [Fact]
    public async Task Get_TheApiStaysAway_IsAskedThreeTimesAndNoMore()
    {
        using var answer = await SendAsync(HttpMethod.Get, static _ => new(HttpStatusCode.ServiceUnavailable));

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 3), (answer.StatusCode, asked));
    }

    [Theory]
    [InlineData("POST", 503)]
    [InlineData("DELETE", 502)]
    [InlineData("PATCH", 504)]
    [InlineData("GET", 500)]
    [InlineData("GET", 429)]
    public async Task Send_WhatMayHaveChangedSomethingOrCannotBeMended_IsSentOnce(string method, int status)
    {
        using var answer = await SendAsync(new HttpMethod(method), _ => new((HttpStatusCode)status));

        Assert.Equal((status, 1), ((int)answer.StatusCode, asked));
    }

    [Fact]
    public async Task Get_TheApiAsksForALongPause_IsNotAskedAgain()
    {
        using var answer = await SendAsync(HttpMethod.Get, static _ => new(HttpStatusCode.ServiceUnavailable) { Headers = { RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromMinutes(1)) } });

        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task Pipelines_BothOfThem_ReportToTheMeterByName()
    {
        var reported = new ConcurrentQueue<string>();
        using var listener = new MeterListener { InstrumentPublished = static (instrument, listening) => Listen(instrument, listening) };
        void Keep(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (var tag in tags)
            {
                if (tag.Key is "pipeline.name" or "pipeline.instance")
                {
                    reported.Enqueue($"{tag.Value}");
                }
            }
        }

        listener.SetMeasurementEventCallback<int>((_, _, tags, _) => Keep(tags));
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) => Keep(tags));
        listener.Start();

        using var answer = await SendAsync(HttpMethod.Get, static _ => new(HttpStatusCode.OK));
        var resilience = new ModelResilience(Options.Create(new ResilienceOptions()), TimeProvider.System, new JitterSource(1), listener: PipelineMeter.Create());
        using var model = new ScriptedModel();
        using var client = new ResilientChatClient(model, "model-of-this-test", resilience);
        await client.GetResponseAsync("Hi");

        Assert.Contains("api-reads", reported);
        Assert.Contains("model-call", reported);
        Assert.Contains("model-of-this-test", reported);
    }

    private static void Listen(Instrument instrument, MeterListener listening)
    {
        if (instrument.Meter.Name == "Polly")
        {
            listening.EnableMeasurementEvents(instrument);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, Func<int, HttpResponseMessage> answer)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddHttpClient("api").AddReadRetries().ConfigurePrimaryHttpMessageHandler(() => new Scripted(_ => answer(++asked)));
        await using var provider = services.BuildServiceProvider();
        using var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        using var request = new HttpRequestMessage(method, new Uri("http://api/thing"));
        return await client.SendAsync(request);
    }

    private sealed class Scripted(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer(request));
    }
}
