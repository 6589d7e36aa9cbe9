using System.Globalization;
using System.Text.RegularExpressions;

namespace AgentSystem.Runtime.Sessions;

/// <summary>What PostgreSQL's setting <c>synchronous_standby_names</c> promises of a commit (PostgreSQL documentation, 20.6.1).</summary>
internal static partial class SynchronousStandbys
{
    /// <summary>How many standbys have confirmed a commit before it is acknowledged; 0 where none must.</summary>
    public static int Confirming(string names)
    {
        var text = names.Trim();
        if (text.Length == 0)
        {
            return 0;
        }

        // "ANY 2 (a, b, c)", "FIRST 2 (a, b)", "2 (a, b)"; a bare list means FIRST 1.
        return Counted().Match(text) is { Success: true } match ? int.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture) : 1;
    }

    [GeneratedRegex(@"^(?:(?:ANY|FIRST)\s+)?(?<count>\d{1,4})\s*\(", RegexOptions.IgnoreCase)]
    private static partial Regex Counted();
}
