using System.Globalization;

namespace AgentSystem.Runtime.Runs;

/// <summary>Keys of steps: what a step is, whoever meets it and however often.</summary>
internal static class StepKeys
{
    /// <summary>The model call of this number, from 0.</summary>
    public static string Model(int number) => $"m{number}";

    /// <summary>The tool call at this place, from 0, of the answer to model call <paramref name="number"/>.</summary>
    public static string Tool(int number, int place) => $"m{number}.t{place}";

    /// <summary>The place that <see cref="Tool"/> was given.</summary>
    public static int CallOf(string key) => int.Parse(key.AsSpan(key.IndexOf(".t", StringComparison.Ordinal) + 2), CultureInfo.InvariantCulture);
}
