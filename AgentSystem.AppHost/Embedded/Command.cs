using System.ComponentModel;
using System.Diagnostics;

namespace AgentSystem.AppHost.Embedded;

/// <summary>Runs one short command to its end and gives what it said.</summary>
internal sealed class Command(string? runAs)
{
    /// <summary>The operating system's name of the user to run as; null is the user we are.</summary>
    public string? RunAs { get; } = runAs;

    public async Task<CommandResult> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        // The root folder is the one working directory that every user may enter.
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LC_ALL"] = "C";
        if (RunAs is not null)
        {
            start.UserName = RunAs;
        }

        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception failure)
        {
            return new CommandResult(-1, $"{program}: {failure.Message}");
        }

        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var error = process.StandardError.ReadToEndAsync(cancellation);
        try
        {
            var said = await output + await error;
            await process.WaitForExitAsync(cancellation);
            return new CommandResult(process.ExitCode, said.Trim());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}

/// <param name="ExitCode">The command's exit code; -1 when it could not be started at all.</param>
/// <param name="Said">Standard output followed by standard error.</param>
internal sealed record CommandResult(int ExitCode, string Said)
{
    public bool Succeeded => ExitCode == 0;

    public string LastLine => Said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "";
}
