using System.Globalization;
using System.Text.RegularExpressions;

namespace AgentSystem.Runtime.Agents.Rules;

/// <summary>Kubernetes' quantities: a decimal number with an SI suffix (<c>m</c>, <c>k</c>, <c>M</c>, ...), a binary one (<c>Ki</c>, <c>Mi</c>, ...) or a power of ten (<c>1e3</c>). Negative ones mean nothing here.</summary>
internal static partial class Quantity
{
    /// <summary>Beyond it a decimal is not exact any more; nothing on earth is as large.</summary>
    private const double Largest = 1e24;

    private static readonly Dictionary<string, decimal> Suffixes = new(StringComparer.Ordinal)
    {
        [""] = 1m, ["n"] = 1e-9m, ["u"] = 1e-6m, ["m"] = 1e-3m, ["k"] = 1e3m, ["M"] = 1e6m, ["G"] = 1e9m, ["T"] = 1e12m, ["P"] = 1e15m, ["E"] = 1e18m,
        ["Ki"] = 1L << 10, ["Mi"] = 1L << 20, ["Gi"] = 1L << 30, ["Ti"] = 1L << 40, ["Pi"] = 1L << 50, ["Ei"] = 1L << 60,
    };

    /// <summary>Reads a quantity in its base unit.</summary>
    public static bool TryParse(string text, out decimal value)
    {
        value = 0;
        if (Form().Match(text) is not { Success: true } match)
        {
            return false;
        }

        var number = decimal.Parse(match.Groups["number"].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        var factor = match.Groups["power"] is { Success: true } power ? Power(int.Parse(power.ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)) : Suffixes[match.Groups["suffix"].Value];
        if ((double)number * (double)factor > Largest)
        {
            return false;
        }

        value = number * factor;
        return true;
    }

    private static decimal Power(int exponent) => exponent >= 0 ? (decimal)Math.Pow(10, exponent) : 1m / (decimal)Math.Pow(10, -exponent);

    [GeneratedRegex(@"^(?<number>[0-9]{1,15}(?:\.[0-9]{0,9})?|\.[0-9]{1,9})(?:(?<suffix>[KMGTPE]i|[numkMGTPE])|[eE](?<power>[+-]?(?:1[0-8]|0?[0-9])))?\z")]
    private static partial Regex Form();
}
