using System.Diagnostics;
using System.Text.Json.Nodes;
using AgentSystem.Tests.Architecture;

namespace AgentSystem.Tests.EndToEnd;

/// <summary>Runs the official client for Node in <c>openai-client/</c>.</summary>
internal static class NodeClient
{
    private const int OldestNode = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly string Folder = Path.Combine(Repository.Root, "AgentSystem.Tests", "EndToEnd", "openai-client");

    /// <summary>Installs the client where it is not installed yet. Null when it can run; otherwise one line that names the cure.</summary>
    public static async Task<string?> PrepareAsync()
    {
        if (await TryAsync("node", ["--version"]) is not { Status: 0 } node || !int.TryParse(node.Output.Trim().TrimStart('v').Split('.')[0], out var major) || major < OldestNode)
        {
            return $"The OpenAI client needs Node {OldestNode} or later: install nodejs and npm, or run .ci/run, which does.";
        }

        if (Directory.Exists(Path.Combine(Folder, "node_modules", "openai")))
        {
            return null;
        }

        return await TryAsync("npm", ["ci", "--no-fund", "--no-audit", "--loglevel=error"]) switch
        {
            null => "The OpenAI client needs npm: install it, or run .ci/run, which does.",
            { Status: 0 } => null,
            var failed => throw new InvalidOperationException($"npm ci failed in {Folder}: {failed.Output}{failed.Errors}"),
        };
    }

    /// <summary>Runs every check against an API and gives their results by name.</summary>
    public static async Task<JsonNode> RunAsync(string baseUrl, string key, string script = "chat.mjs")
    {
        var run = await TryAsync("node", [script], ("AGENTSYSTEM_OPENAI_BASE_URL", $"{baseUrl}/v1"), ("AGENTSYSTEM_OPENAI_KEY", key));
        return run is { Status: 0 } ? JsonNode.Parse(run.Output)! : throw new InvalidOperationException($"{script} ended with {run?.Status}: {run?.Output}{run?.Errors}");
    }

    /// <summary>Runs a program to its end; null when there is no such program.</summary>
    private static async Task<Ended?> TryAsync(string program, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // Not on the PATH.
        }

        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
            await process.WaitForExitAsync(patience.Token);
            return new Ended(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end within {Patience}.");
        }
    }

    private sealed record Ended(int Status, string Output, string Errors);
}
