using System.Diagnostics;
using System.Globalization;

namespace AgentSystem.AppHost.Embedded.Postgres;

/// <summary>What a server wrote about itself in <c>postmaster.pid</c>: line 1 its process id, line 5 its socket folder.</summary>
internal sealed record PostmasterFile(string Path, int ProcessId, string SocketFolder)
{
    public static PostmasterFile? Read(string dataFolder)
    {
        var path = System.IO.Path.Combine(dataFolder, "postmaster.pid");
        if (!File.Exists(path))
        {
            return null;
        }

        var lines = File.ReadAllLines(path);
        return lines.Length > 0 && int.TryParse(lines[0], CultureInfo.InvariantCulture, out var id)
            ? new PostmasterFile(path, id, lines.Length > 4 ? lines[4] : "")
            : null;
    }

    /// <summary>Who has the process id now. A process id is used again after a reboot, and then it is not ours to signal.</summary>
    public PostmasterState State()
    {
        try
        {
            using var process = Process.GetProcessById(ProcessId);
            return process.ProcessName.StartsWith("postgres", StringComparison.Ordinal) && RunsInOurFolder()
                ? PostmasterState.Running
                : PostmasterState.SomebodyElse;
        }
        catch (ArgumentException)
        {
            return PostmasterState.Gone;
        }
    }

    private bool RunsInOurFolder()
    {
        if (!OperatingSystem.IsLinux())
        {
            return true;
        }

        var folder = new DirectoryInfo(System.IO.Path.GetDirectoryName(Path)!);
        var real = folder.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder.FullName;
        return new DirectoryInfo($"/proc/{ProcessId}/cwd").ResolveLinkTarget(returnFinalTarget: false)?.Name == System.IO.Path.GetFileName(real);
    }
}

internal enum PostmasterState
{
    Gone,
    Running,
    SomebodyElse,
}
