using System.Diagnostics;
using System.Globalization;

namespace AgentSystem.Tests.Harness;

/// <summary>A disk of a few megabytes that a test can fill; in memory, mounted on a folder of its own.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private const int Block = 1024 * 1024;

    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    /// <summary>Mounts it; a test is skipped, with the reason, where this process may not.</summary>
    public static async Task<SmallDisk> MountAsync(int megabytes)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "A disk that can be filled is a tmpfs, and only root on Linux may mount one.");
        var path = Directory.CreateTempSubdirectory("agentsystem-disk-").FullName;
        var refusal = await RunAsync("mount", "-t", "tmpfs", "-o", $"mode=755,size={megabytes.ToString(CultureInfo.InvariantCulture)}m", "tmpfs", path);
        if (refusal is not null)
        {
            Directory.Delete(path);
            Assert.Skip($"A tmpfs could not be mounted: {refusal}");
        }

        return new SmallDisk(path);
    }

    /// <summary>Takes every byte that is left.</summary>
    public void Fill()
    {
        using var ballast = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, 1);
        for (var size = Block; size > 0; size /= 2)
        {
            try
            {
                while (true)
                {
                    ballast.Write(new byte[size]);
                }
            }
            catch (IOException)
            {
                // That much is not left any more; smaller pieces may be.
            }
        }
    }

    /// <summary>Gives back what <see cref="Fill"/> took.</summary>
    public void MakeRoom() => File.Delete(Ballast);

    public async ValueTask DisposeAsync()
    {
        // Lazily: a server that has just been killed may hold a file a moment longer.
        await RunAsync("umount", "--lazy", Path);
        Directory.Delete(Path);
    }

    /// <summary>Null, or what the program said when it failed.</summary>
    private static async Task<string?> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? null : said.Trim();
    }
}
