using System.Text.RegularExpressions;
using AgentSystem.Contracts.Perception;

namespace AgentSystem.Runtime.Perception.Text;

/// <summary>Finds what a text names by its form: addresses, amounts, numbers; and people, places and organisations by capitals and lists (<see cref="NameFinder"/>). No expression has a way back.</summary>
internal static class EntityFinder
{
    /// <summary>Most entities that are listed.</summary>
    public const int Most = 200;

    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;
    private const string Large = @"(?: ?(thousand|million|billion|trillion|millions|milliards|Mio\.?|Mrd\.?|Millionen|Milliarden|millones|k|M|bn)\b)?";

    private static readonly Regex Email = new(@"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*\.[A-Za-z]{2,24}\b", Linear);
    private static readonly Regex Url = new(@"\b(?:https?://|www\.)[^\s<>""'`\[\]{}|\\^]+", Linear | RegexOptions.IgnoreCase);
    private static readonly Regex Phone = new(@"\+\d{1,3}[ ./()-]{0,2}(?:\d[ ./()-]{0,2}){6,13}\d\b", Linear);
    private static readonly Regex SymbolFirst = new($@"(US\$|[$€£¥₹₽₩])\s?({Amounts.Pattern}){Large}", Linear);
    private static readonly Regex SymbolLast = new($@"\b({Amounts.Pattern}){Large}\s?(€|£|\$|¥|₹|zł|Kč|(?:EUR|USD|GBP|CHF|JPY|CNY|INR|SEK|NOK|DKK|PLN|CZK|euros?|Euro|dollars?|Dollar|pounds|Pfund|dólares|yen|Franken|francs)\b)", Linear);
    private static readonly Regex Percentage = new($@"\b({Amounts.Pattern})\s?(?:%|percent\b|per cent\b|Prozent\b|pour cent\b|por ciento\b)", Linear);
    private static readonly Regex Quantity = new(
        $@"\b({Amounts.Pattern})\s?(km/h|mph|m/s|km²|m²|m³|cm²|km|cm|mm|µm|nm|kg|mg|µg|t|g|m|ml|cl|dl|l|L|°C|°F|K|kB|KB|MB|GB|TB|PB|KiB|MiB|GiB|kWh|MWh|GWh|kW|MW|GW|W|mV|kV|V|mA|A|kHz|MHz|GHz|Hz|ms|µs|ns|hPa|kPa|Pa|bar|kcal|kJ|J|N|miles|feet|ft|inches|lbs|oz|px)(?:\b|$|[^\w/²³])", Linear);

    private static readonly Regex Number = new($@"\b{Amounts.Pattern}\b", Linear);

    private static readonly Dictionary<string, string> Currencies = new(StringComparer.OrdinalIgnoreCase)
    {
        ["$"] = "USD", ["US$"] = "USD", ["dollar"] = "USD", ["dollars"] = "USD", ["dólares"] = "USD", ["€"] = "EUR", ["euro"] = "EUR", ["euros"] = "EUR", ["£"] = "GBP", ["pounds"] = "GBP", ["pfund"] = "GBP",
        ["¥"] = "JPY", ["yen"] = "JPY", ["₹"] = "INR", ["₽"] = "RUB", ["₩"] = "KRW", ["zł"] = "PLN", ["kč"] = "CZK", ["franken"] = "CHF", ["francs"] = "CHF",
    };

    private static readonly Dictionary<string, decimal> Factors = new(StringComparer.Ordinal)
    {
        ["k"] = 1e3m, ["thousand"] = 1e3m, ["M"] = 1e6m, ["million"] = 1e6m, ["millions"] = 1e6m, ["Mio"] = 1e6m, ["Millionen"] = 1e6m, ["millones"] = 1e6m,
        ["bn"] = 1e9m, ["billion"] = 1e9m, ["Mrd"] = 1e9m, ["Milliarden"] = 1e9m, ["milliards"] = 1e9m, ["trillion"] = 1e12m,
    };

    /// <summary>The entities of a text, in its order; where two overlap, the one that is listed first here.</summary>
    /// <param name="language">Decides what a point and a comma mean in a number, and whether a capital says anything.</param>
    /// <param name="dates">Taken already: the numbers in a date are none.</param>
    public static (IReadOnlyList<TextEntity> Entities, bool Truncated) Find(string text, string language, IReadOnlyList<TextDate> dates)
    {
        var taken = new TakenPlaces(text.Length);
        foreach (var date in dates)
        {
            taken.TryTake(date.Start, date.End);
        }

        var found = new List<TextEntity>();
        foreach (var entity in Candidates(text, language))
        {
            if (taken.TryTake(entity.Start, entity.End))
            {
                found.Add(entity);
            }
        }

        found.Sort(static (one, other) => one.Start.CompareTo(other.Start));
        return found.Count > Most ? (found.GetRange(0, Most), true) : (found, false);
    }

    private static IEnumerable<TextEntity> Candidates(string text, string language)
    {
        foreach (Match match in Url.Matches(text))
        {
            var trimmed = match.Value.TrimEnd('.', ',', ';', ':', '!', '?', ')');
            yield return new TextEntity("url", trimmed, match.Index, match.Index + trimmed.Length);
        }

        foreach (Match match in Email.Matches(text))
        {
            yield return new TextEntity("email", match.Value, match.Index, match.Index + match.Length);
        }

        foreach (Match match in Phone.Matches(text))
        {
            yield return new TextEntity("phone", match.Value, match.Index, match.Index + match.Length);
        }

        foreach (var (match, amount, large, symbol) in SymbolFirst.Matches(text).Select(static match => (match, match.Groups[2], match.Groups[3], match.Groups[1]))
            .Concat(SymbolLast.Matches(text).Select(static match => (match, match.Groups[1], match.Groups[2], match.Groups[3]))))
        {
            if (Amounts.Read(amount.Value, language) is { } value && Times(value, large.Value) is { } whole)
            {
                yield return new TextEntity("money", match.Value, match.Index, match.Index + match.Length, Amounts.Signed(text, match.Index, whole), Currencies.GetValueOrDefault(symbol.Value) ?? symbol.Value.ToUpperInvariant());
            }
        }

        foreach (var (match, kind, unit) in Percentage.Matches(text).Select(static match => (match, "percentage", "%"))
            .Concat(Quantity.Matches(text).Select(static match => (match, "quantity", match.Groups[2].Value))))
        {
            if (Amounts.Read(match.Groups[1].Value, language) is { } value)
            {
                // The expression of quantities takes a character too many, to see that the unit ends there.
                var end = kind == "quantity" ? match.Groups[2].Index + match.Groups[2].Length : match.Index + match.Length;
                yield return new TextEntity(kind, text[match.Index..end], match.Index, end, Amounts.Signed(text, match.Index, value), unit);
            }
        }

        foreach (var name in NameFinder.Find(text, language))
        {
            yield return name;
        }

        foreach (Match match in Number.Matches(text))
        {
            if (Amounts.Read(match.Value, language) is { } value)
            {
                yield return new TextEntity("number", match.Value, match.Index, match.Index + match.Length, Amounts.Signed(text, match.Index, value));
            }
        }
    }

    /// <summary>Null when it is more than a decimal holds.</summary>
    private static decimal? Times(decimal value, string large) =>
        !Factors.TryGetValue(large.TrimEnd('.'), out var factor) ? value : Math.Abs(value) <= decimal.MaxValue / factor ? value * factor : null;
}

/// <summary>Which characters of a text belong to something already.</summary>
internal sealed class TakenPlaces(int length)
{
    private readonly System.Collections.BitArray taken = new(length);

    /// <summary>Takes a stretch when all of it is free.</summary>
    public bool TryTake(int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            if (taken[i])
            {
                return false;
            }
        }

        for (var i = start; i < end; i++)
        {
            taken[i] = true;
        }

        return true;
    }
}
