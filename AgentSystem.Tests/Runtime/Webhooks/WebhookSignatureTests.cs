using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Webhooks;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Webhooks;

public sealed class WebhookSignatureTests
{
    [Fact]
    public void Sign_TheVectorOfStandardWebhooks_GivesItsSignature() => Assert.Equal(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        WebhookSignature.Sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, """{"test": 2432232314}"""u8));

    [Fact]
    public void Secrets_DerivedForDifferentThings_DifferAndStayTheSame()
    {
        WebhookSecrets one = new(new RootKey(new string('a', 32)), null!), other = new(new RootKey(new string('b', 32)), null!);
        string[] all = [one.Derived("t", "wh_1", 1), one.Derived("t", "wh_1", 2), one.Derived("t", "wh_2", 1), one.Derived("u", "wh_1", 1), one.OfRun("t", "wh_1"), other.Derived("t", "wh_1", 1)];

        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.Equal(all[0], one.Derived("t", "wh_1", 1));
        Assert.All(all, secret => Assert.Equal(32, Convert.FromBase64String(secret["whsec_".Length..]).Length));
    }

    [Fact]
    public void Pause_AfterEachAttempt_GrowsAndStaysWithinItsSpread() =>
        Gen.Select(Gen.Int[1, 30], Gen.Double[0, 0.999], Gen.Double[0, 0.999]).Sample((attempt, one, other) =>
        {
            var (now, later) = (WebhookBackoff.Pause(attempt, one, null), WebhookBackoff.Pause(attempt + 1, other, null));
            Assert.True(later >= now || attempt >= 10, $"{attempt}: {now}, then {later}");
            Assert.InRange(now, TimeSpan.FromSeconds(4), TimeSpan.FromHours(24 * 1.2));
        });

    [Fact]
    public void Pause_ThatTheReceiverAsksFor_IsKeptUpToADay()
    {
        Assert.Equal(TimeSpan.FromMinutes(7), WebhookBackoff.Pause(1, 0.5, TimeSpan.FromMinutes(7)));
        Assert.Equal(TimeSpan.FromSeconds(5), WebhookBackoff.Pause(1, 0.5, TimeSpan.FromSeconds(1)));
        Assert.Equal(TimeSpan.FromHours(24), WebhookBackoff.Pause(1, 0.5, TimeSpan.FromDays(400)));
    }
}
