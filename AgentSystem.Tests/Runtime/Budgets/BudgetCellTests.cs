using AgentSystem.Contracts.Budgets;
using AgentSystem.Runtime.Budgets;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Budgets;

/// <summary>The arithmetic of money: whatever happens in whatever order, nothing is lost, made up, or spent over the limit.</summary>
public sealed class BudgetCellTests
{
    private static readonly Gen<decimal> Usd = Gen.Int[0, 100_000].Select(static n => n / 1000m);

    [Fact]
    public void AnyHistory_KeepsWhatIsSpentAndLentWithinTheLimit_AndAddsUp() =>
        Gen.Select(Usd, Gen.Select(Gen.Int[0, 5], Usd, Gen.Int[0, 100]).List[0, 60]).Sample(static (limit, steps) =>
        {
            var cell = new BudgetCell { Limit = limit, Ceiling = limit };
            var underWay = new Queue<decimal>();
            var settled = 0m;
            foreach (var (kind, amount, share) in steps)
            {
                switch (kind)
                {
                    case 0 or 1 or 2:
                        if (cell.MustDraw(amount))
                        {
                            cell.Draw(amount);
                        }

                        if (cell.Credit >= amount)
                        {
                            cell.Send(amount);
                            underWay.Enqueue(amount);
                        }

                        break;
                    case 3 when underWay.TryDequeue(out var reserved):
                        cell.Settle(reserved, reserved * share / 100);
                        settled += reserved * share / 100;
                        break;
                    case 4:
                        cell.Fold();
                        break;
                    case 5:
                        cell.Bury();
                        settled += underWay.Sum();
                        underWay.Clear();
                        break;
                }

                Assert.True(cell.Spent + cell.Granted <= limit, "more is spent and lent than the limit");
                Assert.Equal(cell.Granted, cell.Credit + cell.Sent + cell.Used);
                Assert.Equal(underWay.Sum(), cell.Sent);
                Assert.Equal(settled, cell.Spent + cell.Used);
            }

            cell.Bury();
            Assert.Equal((0m, settled + underWay.Sum()), (cell.Granted, cell.Spent));
        });

    [Fact]
    public void Settle_MoreThanWasSetAside_IsChargedInFullAndTheCeilingSaysSo() =>
        Gen.Select(Usd.Where(static usd => usd > 0), Usd.Where(static usd => usd > 0)).Sample(static (reserved, more) =>
        {
            var cell = new BudgetCell { Limit = reserved, Ceiling = reserved };
            cell.Draw(reserved);
            cell.Send(reserved);

            cell.Settle(reserved, reserved + more);
            cell.Fold();

            Assert.Equal((reserved + more, 0m), (cell.Spent, cell.Granted));
            Assert.True(cell.Ceiling >= cell.Spent);
            cell.Draw(0.001m);
            Assert.Equal(0, cell.Credit);
        });

    [Fact]
    public void Draw_AfterTheLimitWasLowered_GivesOldCreditBackAndLendsNothing() =>
        Gen.Select(Usd, Usd).Sample(static (spent, credit) =>
        {
            var cell = new BudgetCell { Limit = Math.Max(0, spent - 0.001m), Ceiling = spent + credit, Spent = spent, Granted = credit, Credit = credit };
            if (!cell.Lowered)
            {
                return;
            }

            cell.Draw(0.001m);

            Assert.Equal((0m, 0m), (cell.Credit, cell.Granted));
        });

    [Fact]
    public void Policy_NearTheLimit_ShrinksToWhatIsNeeded_AndNeverLendsMoreThanThereIs() =>
        Gen.Select(Usd, Usd).Sample(static (needed, available) =>
        {
            var drawn = LeasePolicy.Draw(needed, available);

            Assert.InRange(drawn, 0, available);
            Assert.True(drawn >= Math.Min(needed, available), "a call that fits is not refused for want of a draw");
            Assert.True(needed == 0 || drawn == 0 || drawn <= Math.Max(needed, available * LeasePolicy.Share), "a process holds more than its share");
        });

    [Fact]
    public void Windows_AnyMoment_LieInTheirWindowAndFollowOneAnother() =>
        Gen.Select(Gen.Int[0, 20_000], Gen.Int[0, 86_399]).Sample(static (day, second) =>
        {
            var at = DateTimeOffset.UnixEpoch.AddDays(day).AddSeconds(second);
            foreach (var window in Enum.GetValues<BudgetWindow>())
            {
                var (start, end) = (WindowCalendar.Start(window, at), WindowCalendar.End(window, at));
                Assert.True(start <= at && (end is null || at < end));
                Assert.Equal(start, WindowCalendar.Start(window, start));
                Assert.True(end is null || WindowCalendar.Start(window, end.Value) == end, "the next window begins where this one ends");
            }
        });

    [Fact]
    public void Week_BeginsOnMonday() =>
        Assert.Equal(new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero), WindowCalendar.Start(BudgetWindow.Week, new DateTimeOffset(2026, 11, 29, 23, 59, 59, TimeSpan.Zero)));
}
