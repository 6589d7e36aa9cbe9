using AgentSystem.Contracts.Memory;
using AgentSystem.Web.Components.Controls;

namespace AgentSystem.Web.Components.Pages.Memory;

/// <summary>Kinds, strategies and intervals as a person reads them.</summary>
internal static class MemoryWords
{
    /// <summary>The strategies by their names.</summary>
    public static IReadOnlyList<string> Strategies { get; } = [.. Enum.GetNames<MemorySearchStrategy>().Select(static name => name.ToLowerInvariant())];

    /// <summary>What a strategy does.</summary>
    public static string? MeaningOf(string strategy) => strategy switch
    {
        "semantic" => "nearness of vectors",
        "lexical" => "the words themselves",
        "graph" => "what is named together",
        "temporal" => "when it was so",
        _ => null,
    };

    /// <summary>The chosen strategies; null when none is chosen.</summary>
    public static IReadOnlyList<MemorySearchStrategy>? Chosen(IReadOnlyList<string> names) => names.Count == 0 ? null : [.. names.Select(static name => Enum.Parse<MemorySearchStrategy>(name, ignoreCase: true))];

    /// <summary>An interval.</summary>
    public static string Interval(DateTimeOffset from, DateTimeOffset? to, Func<DateTimeOffset, DateTimeOffset> local) =>
        to is { } end ? $"{Figures.Date(local(from))} – {Figures.Date(local(end))}" : $"since {Figures.Date(local(from))}";
}
