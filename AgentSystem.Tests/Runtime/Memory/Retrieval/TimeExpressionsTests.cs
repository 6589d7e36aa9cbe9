using AgentSystem.Runtime.Memory.Retrieval;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Memory.Retrieval;

public sealed class TimeExpressionsTests
{
    // A Saturday.
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 15, 30, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("what did we say yesterday?", "2026-11-27", "2026-11-28")]
    [InlineData("the day before yesterday", "2026-11-26", "2026-11-27")]
    [InlineData("who called last week", "2026-11-16", "2026-11-23")]
    [InlineData("this week", "2026-11-23", "2026-11-30")]
    [InlineData("last month's numbers", "2026-10-01", "2026-11-01")]
    [InlineData("last monday", "2026-11-23", "2026-11-24")]
    [InlineData("last saturday", "2026-11-21", "2026-11-22")]
    [InlineData("last year", "2025-01-01", "2026-01-01")]
    [InlineData("two weeks ago", "2026-11-09", "2026-11-16")]
    [InlineData("3 days ago", "2026-11-25", "2026-11-26")]
    [InlineData("a month ago", "2026-10-01", "2026-11-01")]
    [InlineData("where did I work in March 2025?", "2025-03-01", "2025-04-01")]
    [InlineData("what happened in December", "2025-12-01", "2026-01-01")]
    [InlineData("the visit on 4 May", "2026-05-04", "2026-05-05")]
    [InlineData("the visit on May 4th, 2024", "2024-05-04", "2024-05-05")]
    [InlineData("on 2025-03-04 at noon", "2025-03-04", "2025-03-05")]
    [InlineData("what was decided in 2024", "2024-01-01", "2025-01-01")]
    [InlineData("everything since 2024", "2024-01-01", "9000-01-01")]
    [InlineData("before March 2025", "1900-01-01", "2025-03-01")]
    public void Read_AnExpression_GivesItsWindow(string query, string from, string to)
    {
        var window = TimeExpressions.Read(query, Now);
        Assert.NotNull(window);
        Assert.Equal((from, to), ($"{window.From:yyyy-MM-dd}", $"{window.To:yyyy-MM-dd}"));
    }

    [Fact]
    public void Read_TheLastThreeHours_EndsNow() =>
        Assert.Equal((Now.AddHours(-3), Now), (TimeExpressions.Read("in the last 3 hours", Now)!.From, TimeExpressions.Read("in the last 3 hours", Now)!.To));

    [Theory]
    [InlineData("my locker code")]
    [InlineData("may I come in?")]
    [InlineData("what is the march about")]
    [InlineData("on 31 February 2025")]
    [InlineData("room 2024")]
    [InlineData("")]
    public void Read_WithoutOne_IsNull(string query) => Assert.Null(TimeExpressions.Read(query, Now));

    [Fact]
    public void Read_AnyText_IsNullOrASpan() => Gen.String[0, 200].Sample(static text => TimeExpressions.Read(text, Now) is not { } window || window.From < window.To);
}
