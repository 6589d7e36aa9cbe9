using AgentSystem.Runtime.Schedules;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Schedules;

public sealed class ScheduleTimesTests
{
    private static readonly DateTimeOffset Saturday = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("* * * * *", "2026-11-28T12:01:00Z")]
    [InlineData("*/15 * * * *", "2026-11-28T12:15:00Z")]
    [InlineData("0 9 * * MON-FRI", "2026-11-30T09:00:00Z")]
    [InlineData("30 6 1 1 *", "2027-01-01T06:30:00Z")]
    [InlineData("0 0 29 2 *", "2028-02-29T00:00:00Z")]
    [InlineData("@daily", "2026-11-29T00:00:00Z")]
    public void Next_OfAnExpression_IsTheFirstTimeAfter(string cron, string expected) => Assert.Equal(DateTimeOffset.Parse(expected), ScheduleTimes.Next(cron, Saturday));

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("* * * *")]
    [InlineData("* * * * * *")]
    [InlineData("61 * * * *")]
    [InlineData("H * * * *")]
    public void IsValid_OfWhatSaysNoTimes_IsFalse(string cron) => Assert.False(ScheduleTimes.IsValid(cron));

    [Fact]
    public void Next_OfADayThatNeverComes_IsNone() => Assert.Null(ScheduleTimes.Next("0 0 30 2 *", Saturday));

    [Fact]
    public void Next_OfAnyTime_LiesAfterIt() =>
        Gen.Select(Gen.Int[0, 59], Gen.Int[0, 23], Gen.Int[0, 100_000]).Sample((minute, hour, minutes) =>
        {
            var from = Saturday.AddMinutes(minutes);
            var next = ScheduleTimes.Next($"{minute} {hour} * * *", from)!.Value;
            return next > from && next <= from.AddDays(1) && (next.Minute, next.Hour) == (minute, hour);
        });

    [Fact]
    public void RunId_OfATick_IsTheSameAgainAndAnotherForAnother()
    {
        Assert.Equal(ScheduleTimes.RunId("sch_a", Saturday), ScheduleTimes.RunId("sch_a", Saturday));
        Assert.Equal(4, new[] { ("sch_a", 0), ("sch_a", 1), ("sch_b", 0), ("sch_b", 1) }.Select(one => ScheduleTimes.RunId(one.Item1, Saturday.AddMinutes(one.Item2))).Distinct().Count());
    }
}
