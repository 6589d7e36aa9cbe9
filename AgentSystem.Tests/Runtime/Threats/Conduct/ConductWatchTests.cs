using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Threats.Conduct;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace AgentSystem.Tests.Runtime.Threats.Conduct;

public sealed class ConductWatchTests
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero));
    private readonly ConductSubject key = new("default", "key:key_1");

    private ConductWatch Watch(int capacity = 1_000) => new(new ConductThresholds(), capacity, clock);

    [Theory]
    [InlineData("key:key_1", 404, IncidentKinds.Scanning, 25)]
    [InlineData("address:192.0.2.1", 401, IncidentKinds.CredentialGuessing, 14)]
    public void Scan_OfManyDifferentThings_IsFoundWithinSoManyRequests(string subject, int status, string kind, int most)
    {
        var watch = Watch();
        var found = Count(watch, new ConductSubject("default", subject), kind, i => new ConductEvent(status == 404 ? ConductOutcome.Missing : ConductOutcome.Guessed, Hash(i)), TimeSpan.FromSeconds(1), most);

        Assert.InRange(found, 1, most);
    }

    [Fact]
    public void Repetition_OfOneWrongRequest_IsNoScanButAFailure()
    {
        var watch = Watch();
        var kinds = Enumerable.Range(0, 200).SelectMany(_ => Take(watch, key, new ConductEvent(ConductOutcome.Missing, Hash(1)))).Select(static alarm => alarm.Finding.Kind).ToList();

        Assert.Equal([IncidentKinds.Failures], kinds);
    }

    [Fact]
    public void Blocks_ThreeInARow_AreAnAlarmAndTwoAreNone()
    {
        var watch = Watch();
        Assert.Empty(Take(watch, key, new ConductEvent(ConductOutcome.Blocked)));
        Assert.Empty(Take(watch, key, new ConductEvent(ConductOutcome.Blocked)));

        Assert.Equal(IncidentKinds.RepeatedBlocks, Assert.Single(Take(watch, key, new ConductEvent(ConductOutcome.Blocked))).Finding.Kind);
    }

    [Fact]
    public void Blocks_OfAFewUsersOfABusyKey_DoNotSpeakAgainstTheKey()
    {
        var watch = Watch();
        var alarms = new List<ConductAlarm>();
        for (var i = 0; i < 300; i++)
        {
            alarms.AddRange(watch.Take(key, new ConductEvent(ConductOutcome.Served)));
            alarms.AddRange(watch.Take(key, new ConductEvent(i % 20 == 0 ? ConductOutcome.Blocked : ConductOutcome.Served, IsRequest: false), shared: true));
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Empty(alarms);
        Assert.Equal(0, watch.Suspicion(key).Behaviour);
    }

    [Fact]
    public void Alarm_WhileItLasts_IsToldOnceInTenMinutes()
    {
        var watch = Watch();
        var alarms = 0;
        for (var second = 0; second < 1_200; second++)
        {
            alarms += Take(watch, key, new ConductEvent(ConductOutcome.Missing, Hash(second))).Count(static alarm => alarm.Finding.Kind == IncidentKinds.Scanning);
        }

        Assert.Equal(2, alarms);
    }

    [Fact]
    public void Money_FarAboveWhatIsUsual_IsAJumpOnceThereIsAHabit()
    {
        var watch = Watch();
        Assert.Equal(-1, Count(watch, key, IncidentKinds.CostJump, static _ => new ConductEvent(ConductOutcome.Served, Usd: 5m), TimeSpan.FromSeconds(1), 100));
        watch = Watch();
        Assert.Equal(-1, Count(watch, key, IncidentKinds.CostJump, static _ => new ConductEvent(ConductOutcome.Served, Usd: .01m), TimeSpan.FromSeconds(10), 3_000));

        Assert.InRange(Count(watch, key, IncidentKinds.CostJump, static _ => new ConductEvent(ConductOutcome.Served, Usd: .5m), TimeSpan.FromSeconds(1), 60), 1, 60);
        Assert.True(watch.Suspicion(key).Anomaly >= .5);
    }

    [Fact]
    public void Suspicion_AfterAnHourOfPeace_IsGone()
    {
        var watch = Watch();
        Enumerable.Range(0, 60).ToList().ForEach(i => Take(watch, key, new ConductEvent(ConductOutcome.Missing, Hash(i))));
        Assert.True(watch.Suspicion(key).Behaviour > .5);
        clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal((0.0, 0.0, 0.0), watch.Suspicion(key));
    }

    [Fact]
    public void Memory_UnderMadeUpSubjects_StaysBoundedAndKeepsWhoGoesOn() =>
        Gen.Int[1, 300].Sample(strangers =>
        {
            var watch = Watch(capacity: 50);
            for (var i = 0; i < strangers; i++)
            {
                watch.Take(key, new ConductEvent(ConductOutcome.Missing, Hash(i % 5)));
                watch.Take(new ConductSubject("default", $"address:{i}"), new ConductEvent(ConductOutcome.Denied));
            }

            Assert.InRange(watch.Count, 1, 50);
            Assert.InRange(watch.Figures(key)["requests"], strangers * .9, strangers);
        });

    [Fact]
    public void Score_OfWhateverHappens_IsAShare() =>
        Gen.Select(Gen.Int[0, 6], Gen.Int[0, 30], Gen.Int[0, 120], Gen.Int[0, 100]).Array[1, 200].Sample(happened =>
        {
            var (watch, time) = (new ConductWatch(new ConductThresholds(), 10, clock), clock);
            foreach (var (outcome, target, seconds, cents) in happened)
            {
                watch.Take(key, new ConductEvent((ConductOutcome)outcome, target == 0 ? 0 : Hash(target), cents / 100m));
                time.Advance(TimeSpan.FromSeconds(seconds));
                var (behaviour, anomaly, listed) = watch.Suspicion(key);
                Assert.True(behaviour is >= 0 and <= 1 && anomaly is >= 0 and <= 1 && listed == 0);
            }
        });

    [Fact]
    public void Profile_OfARestartedProcess_IsRememberedUnlessItKnowsMore()
    {
        var watch = Watch();
        watch.Take(key, new ConductEvent(ConductOutcome.Served));
        Assert.Equal([key], watch.Unread(10));
        Assert.Empty(watch.Unread(10));
        var kept = new ConductProfile(new LearnedLevel(100, 4, .1), new LearnedLevel(100, 2, .1));
        watch.Remember(key, kept);
        Assert.Equal(100, watch.Figures(key)["learned_intervals"]);
        clock.Advance(ConductProfile.Interval);
        watch.Take(key, new ConductEvent(ConductOutcome.Served));

        Assert.Equal(101, Assert.Single(watch.Learned(10)).Profile.Rate.Learned);
        watch.Remember(key, kept);
        Assert.Equal(101, watch.Figures(key)["learned_intervals"]);
    }

    private static ulong Hash(int i) => (ulong)new Random(i).NextInt64() | 1UL << 63;

    /// <summary>The number of the request at which an alarm of the kind came; -1: none came.</summary>
    private int Count(ConductWatch watch, ConductSubject subject, string kind, Func<int, ConductEvent> happened, TimeSpan step, int most)
    {
        for (var i = 1; i <= most; i++)
        {
            if (watch.Take(subject, happened(i)).Any(alarm => alarm.Finding.Kind == kind))
            {
                return i;
            }

            clock.Advance(step);
        }

        return -1;
    }

    private IReadOnlyList<ConductAlarm> Take(ConductWatch watch, ConductSubject subject, ConductEvent happened)
    {
        var alarms = watch.Take(subject, happened);
        clock.Advance(TimeSpan.FromSeconds(1));
        return alarms;
    }
}
