using System.Globalization;
using AgentSystem.Web.Components.Controls;

namespace AgentSystem.Web.Components.Pages.Settings;

/// <summary>Values of settings as a person reads them: times and sizes with their unit, everything else as it is written.</summary>
internal static class SettingWords
{
    private const string BytesWord = "Bytes";

    private static readonly string[] WrittenTimes = [@"hh\:mm\:ss", @"hh\:mm\:ss\.fffffff", @"d\.hh\:mm\:ss", @"d\.hh\:mm\:ss\.fffffff"];

    public static string InWords(string name, string value) => value switch
    {
        "" => Figures.Unknown,
        _ when TimeSpan.TryParseExact(value, WrittenTimes, CultureInfo.InvariantCulture, out var time) => InWords(time),
        _ when name[(name.LastIndexOf(':') + 1)..].Contains(BytesWord, StringComparison.Ordinal) && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) => Bytes.InWords(bytes),
        _ => value,
    };

    private static string InWords(TimeSpan time) => time switch
    {
        { TotalSeconds: < 1 } => Number(time.TotalMilliseconds, "ms"),
        { TotalMinutes: < 1 } => Number(time.TotalSeconds, "s"),
        { TotalHours: < 1 } => Number(time.TotalMinutes, "min"),
        { TotalDays: < 1 } => Number(time.TotalHours, "h"),
        _ => Number(time.TotalDays, "d"),
    };

    private static string Number(double amount, string unit) => string.Create(CultureInfo.InvariantCulture, $"{amount:0.##} {unit}");
}
