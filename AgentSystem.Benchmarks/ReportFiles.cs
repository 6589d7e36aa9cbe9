namespace AgentSystem.Benchmarks;

/// <summary>Where a report goes: to the terminal, and as JSON to a file where one was named.</summary>
internal static class ReportFiles
{
    /// <summary>Writes the report and gives the exit status.</summary>
    public static async Task<int> WriteAsync(Report report, Machine machine, string? file)
    {
        Console.Write(report.ToTable(machine));
        if (file is not null)
        {
            await File.WriteAllTextAsync(file, report.ToJson(machine));
        }

        return 0;
    }
}
