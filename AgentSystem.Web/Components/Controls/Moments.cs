using System.Globalization;

namespace AgentSystem.Web.Components.Controls;

/// <summary>How long ago something was, as a person says it.</summary>
public static class Moments
{
    /// <param name="moment">When it was.</param>
    /// <param name="now">When it is asked.</param>
    /// <param name="local">Turns a moment into the reader's time.</param>
    public static string Ago(DateTimeOffset moment, DateTimeOffset now, Func<DateTimeOffset, DateTimeOffset> local) => (now - moment) switch
    {
        { TotalMinutes: < 1 } => "just now",
        { TotalHours: < 1 } past => $"{(int)past.TotalMinutes} min ago",
        { TotalDays: < 1 } past => $"{(int)past.TotalHours} h ago",
        _ => Figures.Date(local(moment)),
    };

    /// <summary>Date and time of day to the minute.</summary>
    public static string Whole(DateTimeOffset local) => local.ToString("d MMM yyyy, HH:mm", CultureInfo.InvariantCulture);
}
