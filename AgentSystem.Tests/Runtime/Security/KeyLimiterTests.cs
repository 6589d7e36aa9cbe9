using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Security;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace AgentSystem.Tests.Runtime.Security;

public sealed class KeyLimiterTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Enter_OverTheRequestLimit_IsRefusedUntilTheWindowMovesOn()
    {
        var time = new FakeTimeProvider(Start);
        var limiter = new KeyLimiter(time);
        var caller = Caller(new KeyLimits(RequestsPerMinute: 2));

        Assert.Null(Enter(limiter, caller));
        Assert.Null(Enter(limiter, caller));
        Assert.NotNull(Enter(limiter, caller));
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Null(Enter(limiter, caller));
    }

    [Fact]
    public void Enter_WhileOthersAreInProgress_CountsThem()
    {
        var limiter = new KeyLimiter(new FakeTimeProvider(Start));
        var caller = Caller(new KeyLimits(Concurrency: 1));

        Assert.Null(limiter.Enter(caller).Refusal);
        Assert.NotNull(limiter.Enter(caller).Refusal);
        limiter.Leave(caller, 0);
        Assert.Null(limiter.Enter(caller).Refusal);
    }

    [Fact]
    public void Enter_OverALimit_SaysWhenToComeBack()
    {
        var limiter = new KeyLimiter(new FakeTimeProvider(Start.AddSeconds(16)));
        var (slots, minute) = (Caller(new KeyLimits(Concurrency: 1)), Caller(new KeyLimits(RequestsPerMinute: 1)) with { KeyId = "key_2" });

        Assert.Equal(TimeSpan.Zero, limiter.Enter(slots).RetryAfter);
        limiter.Enter(minute);

        Assert.Equal(TimeSpan.FromSeconds(1), limiter.Enter(slots).RetryAfter);
        Assert.Equal(TimeSpan.FromSeconds(44), limiter.Enter(minute).RetryAfter);
    }

    [Fact]
    public void Enter_AfterManyTokens_IsRefused()
    {
        var limiter = new KeyLimiter(new FakeTimeProvider(Start));
        var caller = Caller(new KeyLimits(TokensPerMinute: 100));

        limiter.Enter(caller);
        limiter.Leave(caller, 100);

        Assert.NotNull(limiter.Enter(caller).Refusal);
    }

    [Fact]
    public void Enter_WhateverTheGaps_AdmitsAtMostTheLimitWithinOneClockMinute() =>
        Gen.Select(Gen.Int[1, 20], Gen.Int[0, 5_000].Array[1, 200]).Sample((limit, gaps) =>
        {
            var time = new FakeTimeProvider(Start);
            var limiter = new KeyLimiter(time);
            var caller = Caller(new KeyLimits(RequestsPerMinute: limit));
            var admitted = new Dictionary<long, int>();
            foreach (var gap in gaps)
            {
                time.Advance(TimeSpan.FromMilliseconds(gap));
                if (Enter(limiter, caller) is null)
                {
                    var minute = time.GetUtcNow().Ticks / TimeSpan.TicksPerMinute;
                    admitted[minute] = admitted.GetValueOrDefault(minute) + 1;
                }
            }

            return admitted.Values.All(count => count <= limit);
        });

    private static string? Enter(KeyLimiter limiter, Caller caller)
    {
        var verdict = limiter.Enter(caller);
        if (verdict.Refusal is null)
        {
            limiter.Leave(caller, 0);
        }

        return verdict.Refusal;
    }

    private static Caller Caller(KeyLimits limits) => new("key_1", "test", "default", null, null, [Scopes.Chat], ["*"], ["*"], limits);
}
