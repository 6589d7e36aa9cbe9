using System.Globalization;

namespace AgentSystem.Benchmarks.Processes;

/// <summary>What a process and all below it took, as Linux keeps it under <c>/proc</c> (proc(5)).</summary>
internal sealed class ProcessTree(params int[] roots)
{
    // Fields of /proc/PID/stat after the name in parentheses: state is the first, so field N of proc(5) is at N - 3.
    private const int Parent = 4 - 3, UserTime = 14 - 3, ChildrensSystemTime = 17 - 3;

    /// <summary>USER_HZ, the unit of times under /proc; 100 on every architecture .NET runs on.</summary>
    private const double TicksPerMillisecond = 0.1;

    /// <summary>Processor time in milliseconds since the start, in user and system mode, of the living and of children that were waited for. In steps of 10 ms.</summary>
    public double ProcessorMilliseconds() => Ids().Sum(id => Stat(id) is { } fields ? fields[UserTime..(ChildrensSystemTime + 1)].Sum(Number) : 0) / TicksPerMillisecond;

    /// <summary>Memory in MB; what processes have in common is counted once (proportional set size).</summary>
    public double MemoryMegabytes() => Ids().Sum(Kilobytes) / 1000.0;

    /// <summary>The processes, parents before their children.</summary>
    public IReadOnlyList<int> Ids()
    {
        var parents = Directory.EnumerateDirectories("/proc").Select(path => Path.GetFileName(path)).Where(name => char.IsAsciiDigit(name[0]))
            .Select(name => int.Parse(name, CultureInfo.InvariantCulture))
            .Select(id => (Id: id, Fields: Stat(id))).Where(each => each.Fields is not null)
            .ToLookup(each => (int)Number(each.Fields![Parent]), each => each.Id);
        List<int> found = [.. roots];
        for (var next = 0; next < found.Count; next++)
        {
            found.AddRange(parents[found[next]].Where(child => !found.Contains(child)));
        }

        return found;
    }

    private static double Number(string field) => double.Parse(field, CultureInfo.InvariantCulture);

    /// <summary>Null when the process has left.</summary>
    private static string[]? Stat(int id)
    {
        try
        {
            var line = File.ReadAllText($"/proc/{id}/stat");
            return line[(line.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null; // It left between the listing and the reading.
        }
    }

    // "Pss:              1234 kB"
    private static double Kilobytes(int id)
    {
        try
        {
            var line = File.ReadLines($"/proc/{id}/smaps_rollup").First(line => line.StartsWith("Pss:", StringComparison.Ordinal));
            return Number(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1.024;
        }
        catch (IOException)
        {
            return 0; // As above.
        }
    }
}
