using System.Globalization;

namespace AgentSystem.Web.Components.Controls;

/// <summary>Numbers as a person reads them. Unknown is a dash, never a zero.</summary>
public static class Figures
{
    /// <summary>A number of things in words: <c>1 key that works</c>, <c>2 keys that work</c>.</summary>
    public static string Many(int count, string one, string many) => $"{Count(count)} {(count == 1 ? one : many)}";

    public const string Unknown = "–";

    /// <summary>Milliseconds below a second, seconds above, minutes above two of them.</summary>
    public static string Duration(double? milliseconds) => milliseconds switch
    {
        null => Unknown,
        < 10 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.#} ms"),
        < 999.5 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0} ms"),
        < 120_000 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000:0.00} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 60_000:0.0} min"),
    };

    /// <summary>Dollars; small amounts keep two significant digits instead of becoming nothing.</summary>
    public static string Usd(decimal dollars) => dollars switch
    {
        0 => "$0",
        >= 0.01m or <= -0.01m => string.Create(CultureInfo.InvariantCulture, $"${dollars:#,0.00}"),
        >= 0.0001m => string.Create(CultureInfo.InvariantCulture, $"${dollars:0.00000}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"${dollars:0.00000000}"),
    };

    /// <summary>Counts with separators, shortened from a hundred thousand on.</summary>
    public static string Count(long count) => count switch
    {
        < 100_000 => count.ToString("#,0", CultureInfo.InvariantCulture),
        < 10_000_000 => string.Create(CultureInfo.InvariantCulture, $"{count / 1000d:#,0.#}k"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{count / 1_000_000d:#,0.#}M"),
    };

    /// <summary>A share of a whole; a dash when the whole is nothing.</summary>
    public static string Share(long part, long whole) => whole == 0 ? Unknown : string.Create(CultureInfo.InvariantCulture, $"{100d * part / whole:0.#} %");

    /// <summary>A date without a time, for things that last days.</summary>
    public static string Date(DateTimeOffset moment) => moment.ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>A time of day to the second.</summary>
    public static string Time(DateTimeOffset moment) => moment.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
