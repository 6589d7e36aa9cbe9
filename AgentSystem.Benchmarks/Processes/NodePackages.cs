using System.Diagnostics;

namespace AgentSystem.Benchmarks.Processes;

/// <summary>Packages of a peer that runs on Node, pinned by the files beside its code, installed where they have not been.</summary>
internal static class NodePackages
{
    /// <summary>The command that installs them; a benchmark runs it itself.</summary>
    public const string Install = "npm ci --ignore-scripts --no-fund --no-audit --loglevel=error";

    /// <summary>Whether they are there.</summary>
    public static bool Has(string folder, string package) => Directory.Exists(Path.Combine(Checkout.Root, folder, "node_modules", package));

    /// <summary>Null when they are there; otherwise why not, with the cure.</summary>
    /// <param name="folder">From the checkout's root, the folder of package.json.</param>
    /// <param name="package">One of them, by whose folder the rest are known to be there.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<string?> PrepareAsync(string folder, string package, CancellationToken cancellation)
    {
        if (Has(folder, package))
        {
            return null;
        }

        try
        {
            using var npm = Process.Start(new ProcessStartInfo("npm", Install.Split(' ')[1..]) { WorkingDirectory = Path.Combine(Checkout.Root, folder), RedirectStandardError = true })!;
            var errors = await npm.StandardError.ReadToEndAsync(cancellation);
            await npm.WaitForExitAsync(cancellation);
            return npm.ExitCode == 0 ? null : $"{Install} failed in {folder} ({errors.Trim().ReplaceLineEndings(" ")})";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return $"there is no npm; install Node 20 and run {Install} in {folder}";
        }
    }
}
