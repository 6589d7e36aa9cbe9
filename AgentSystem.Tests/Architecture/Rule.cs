namespace AgentSystem.Tests.Architecture;

/// <summary>How a rule speaks: no violations is silence, violations are listed all at once with the cure.</summary>
internal static class Rule
{
    public static void Holds(IEnumerable<string> violations, string cure)
    {
        var found = violations.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        Assert.True(found.Length == 0, $"{found.Length} violation(s). {cure}{Environment.NewLine}  {string.Join(Environment.NewLine + "  ", found)}");
    }

    /// <summary>Shows that a rule can fail: the bad example is named in exactly one violation that contains <paramref name="fragment"/>.</summary>
    public static void Catches(IEnumerable<string> violations, string fragment) =>
        Assert.Contains(fragment, Assert.Single(violations), StringComparison.Ordinal);
}
