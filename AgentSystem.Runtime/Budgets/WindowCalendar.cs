using AgentSystem.Contracts.Budgets;

namespace AgentSystem.Runtime.Budgets;

/// <summary>When the windows of budgets begin and end, by the UTC calendar.</summary>
public static class WindowCalendar
{
    /// <summary>Start of the window <paramref name="at"/> lies in; for <see cref="BudgetWindow.Total"/> the beginning of Unix time.</summary>
    public static DateTimeOffset Start(BudgetWindow window, DateTimeOffset at)
    {
        var day = new DateTimeOffset(at.UtcDateTime.Date, TimeSpan.Zero);
        return window switch
        {
            BudgetWindow.Day => day,
            // Monday is the first day of a week (ISO 8601).
            BudgetWindow.Week => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
            BudgetWindow.Month => new DateTimeOffset(day.Year, day.Month, 1, 0, 0, 0, TimeSpan.Zero),
            _ => DateTimeOffset.UnixEpoch,
        };
    }

    /// <summary>When that window ends; null: never.</summary>
    public static DateTimeOffset? End(BudgetWindow window, DateTimeOffset at) => window switch
    {
        BudgetWindow.Day => Start(window, at).AddDays(1),
        BudgetWindow.Week => Start(window, at).AddDays(7),
        BudgetWindow.Month => Start(window, at).AddMonths(1),
        _ => null,
    };
}
