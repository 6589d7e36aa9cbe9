using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AgentSystem.Benchmarks;

/// <summary>What a benchmark found: columns and rows, and in words how it was measured.</summary>
/// <param name="Name">The benchmark's name on the command line.</param>
/// <param name="Method">How it was measured, in one sentence.</param>
/// <param name="Columns">Headings, with units.</param>
/// <param name="Rows">Cells in the order of the columns: text, numbers, or a <see cref="Spread"/>.</param>
/// <param name="Notes">What a reader must know to judge the figures, misses included.</param>
/// <param name="Rounds">How often each thing was measured; null where a figure is not repeated.</param>
internal sealed record Report(string Name, string Method, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<object>> Rows, IReadOnlyList<string> Notes, int? Rounds = null)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The command that measures this again.</summary>
    public string Command => $"dotnet run -c Release --project AgentSystem.Benchmarks -- {Name}";

    /// <summary>For people.</summary>
    public string ToTable(Machine machine)
    {
        var cells = Rows.Select(row => row.Select(Show).ToArray()).Prepend([.. Columns]).ToArray();
        var widths = Columns.Select((_, column) => cells.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder().AppendLine($"{Name}: {Method}").AppendLine($"  {machine}");
        foreach (var row in cells)
        {
            text.AppendLine("  " + string.Join("  ", row.Select((cell, column) => column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))));
        }

        foreach (var note in Notes)
        {
            text.AppendLine($"  {note}");
        }

        return text.ToString();
    }

    /// <summary>For programs.</summary>
    public string ToJson(Machine machine) => JsonSerializer.Serialize(
        new { Name, Command, Machine = machine, Rounds, Method, Rows = Rows.Select(row => Columns.Zip(row).ToDictionary(pair => pair.First, pair => pair.Second)), Notes }, Indented) + "\n";

    private static string Show(object value) => value switch
    {
        double number => Show(number),
        Spread spread => $"{Show(spread.Median)} ({Show(spread.Lowest)} to {Show(spread.Highest)})",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Show(double number) => number.ToString(Math.Abs(number) switch { < 10 => "0.00", < 100 => "0.0", _ => "0" }, CultureInfo.InvariantCulture);
}
