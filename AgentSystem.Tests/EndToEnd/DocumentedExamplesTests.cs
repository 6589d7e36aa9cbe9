using System.Diagnostics;
using System.Text.RegularExpressions;
using AgentSystem.Tests.Architecture;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.EndToEnd;

/// <summary>Runs the examples of docs/api.md from top to bottom, as a reader would, against the real API and the shipped model.</summary>
public sealed partial class DocumentedExamplesTests(ShippedModelApi api) : IClassFixture<ShippedModelApi>
{
    private const string Document = "docs/api.md";
    private const string Next = "=== next example ===";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Examples_OfTheApiDocument_AnswerWhatStandsUnderThem()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/curl"), "curl is not installed: apt-get install curl.");
        var examples = Read(Repository.File(Document).Text);
        Assert.True(examples.Count > 10, $"{Document} has {examples.Count} examples; the pattern that finds them no longer fits.");
        await ReadyAsync();

        var output = (await RunAsync(string.Join($"\necho; echo '{Next}'\n", examples.Select(example => example.Script)))).Split(Next);

        Assert.Equal(examples.Count, output.Length);
        foreach (var (example, answer) in examples.Zip(output))
        {
            foreach (var line in example.Expected)
            {
                Assert.True(answer.Contains(line, StringComparison.Ordinal), $"{Document}: this example\n{example.Script}\nshould answer with\n{line}\nbut answers\n{answer}");
            }
        }
    }

    private static List<Example> Read(string text) =>
        [.. Fences().Matches(text).Select(match => new Example(match.Groups["script"].Value, match.Groups["expected"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)))];

    /// <summary>The shipped model is read into memory while the API already listens.</summary>
    private async Task ReadyAsync()
    {
        using var client = api.Client(null);
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        while (!(await client.GetAsync("/ready", limit.Token)).IsSuccessStatusCode)
        {
            await tick.WaitForNextTickAsync(limit.Token);
        }
    }

    private async Task<string> RunAsync(string script)
    {
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["URL"] = api.BaseUrl;
        start.Environment["KEY"] = api.AdminKey;
        using var shell = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        var (output, errors) = (shell.StandardOutput.ReadToEndAsync(limit.Token), shell.StandardError.ReadToEndAsync(limit.Token));
        await shell.WaitForExitAsync(limit.Token);
        Assert.True(shell.ExitCode == 0, $"{Document}: an example ends with {shell.ExitCode}.\n{await output}\n{await errors}");
        return await output;
    }

    [GeneratedRegex(@"```bash\n(?<script>[\s\S]*?)```\n```text\n(?<expected>[\s\S]*?)```")]
    private static partial Regex Fences();

    private sealed record Example(string Script, string[] Expected);
}
