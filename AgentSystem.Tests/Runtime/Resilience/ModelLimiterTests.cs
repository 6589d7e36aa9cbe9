using AgentSystem.Contracts.Models;
using AgentSystem.Runtime.Resilience;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace AgentSystem.Tests.Runtime.Resilience;

public sealed class ModelLimiterTests
{
    private readonly FakeTimeProvider time = new();

    [Fact]
    public void Enter_MoreThanTheMinuteAllows_IsToldWhenToComeBack()
    {
        var limiter = new ModelLimiter(time);
        var limits = new ModelLimits(RequestsPerMinute: 2);
        Assert.Null(limiter.Enter("m", limits));
        Assert.Null(limiter.Enter("m", limits));
        var refusal = limiter.Enter("m", limits)!;
        Assert.Equal((503, "model_rate_limited", TimeSpan.FromMinutes(1)), (refusal.Status, refusal.Code, refusal.RetryAfter!.Value));
        Assert.Contains("Models:m:RequestsPerMinute", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Enter_AfterTheWaitItWasTold_IsAdmitted() =>
        Gen.Select(Gen.Int[1, 20], Gen.Int[0, 119]).Sample((most, second) =>
        {
            var clock = new FakeTimeProvider();
            var limiter = new ModelLimiter(clock);
            var limits = new ModelLimits(RequestsPerMinute: most);
            clock.Advance(TimeSpan.FromSeconds(second));
            ModelFailure? refusal;
            do
            {
                refusal = limiter.Enter("m", limits);
            }
            while (refusal is null);

            // Right at the edge the estimate still equals the limit; a moment later there is room, or the next minute's weight asks for one more wait.
            for (var waits = 0; waits < 2 && refusal is not null; waits++)
            {
                clock.Advance(refusal.RetryAfter!.Value + TimeSpan.FromSeconds(1));
                refusal = limiter.Enter("m", limits);
            }

            return refusal is null;
        });

    [Fact]
    public void Enter_TokensOfTheMinuteAreSpent_IsRefusedUntilTheirWeightFalls()
    {
        var limiter = new ModelLimiter(time);
        var limits = new ModelLimits(TokensPerMinute: 100);
        Assert.Null(limiter.Enter("m", limits));
        limiter.Leave(200);
        Assert.NotNull(limiter.Enter("m", limits));
        time.Advance(TimeSpan.FromSeconds(89));
        Assert.NotNull(limiter.Enter("m", limits));
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(limiter.Enter("m", limits));
    }

    [Fact]
    public void Enter_TooManyAtOnce_IsRefusedUntilOneLeaves()
    {
        var limiter = new ModelLimiter(time);
        var limits = new ModelLimits(Concurrency: 1);
        Assert.Null(limiter.Enter("m", limits));
        Assert.NotNull(limiter.Enter("m", limits));
        limiter.Leave(1);
        Assert.Null(limiter.Enter("m", limits));
    }

    [Fact]
    public void Enter_WhileTheProviderWantsAPause_IsRefusedWithTheRestOfIt()
    {
        var limiter = new ModelLimiter(time);
        limiter.Rest(TimeSpan.FromSeconds(30));
        limiter.Rest(TimeSpan.FromSeconds(10));
        time.Advance(TimeSpan.FromSeconds(12));
        Assert.Equal(TimeSpan.FromSeconds(18), limiter.Enter("m", null)!.RetryAfter);
        time.Advance(TimeSpan.FromSeconds(18));
        Assert.Null(limiter.Enter("m", null));
    }
}
