using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AgentSystem.Benchmarks;

/// <summary>What a benchmark found: columns and rows, and in words how it was measured.</summary>
internal sealed record Report(string Name, string Method, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<object>> Rows, IReadOnlyList<string> Notes)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>For people.</summary>
    public string ToTable()
    {
        var cells = Rows.Select(row => row.Select(Show).ToArray()).Prepend([.. Columns]).ToArray();
        var widths = Columns.Select((_, column) => cells.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder().AppendLine($"{Name}: {Method}");
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
    public string ToJson() => JsonSerializer.Serialize(
        new { Name, Method, Rows = Rows.Select(row => Columns.Zip(row).ToDictionary(pair => pair.First, pair => pair.Second)), Notes }, Indented);

    private static string Show(object value) => value switch
    {
        double number => number.ToString(Math.Abs(number) < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
