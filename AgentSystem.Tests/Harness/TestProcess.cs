using System.Diagnostics;

namespace AgentSystem.Tests.Harness;

/// <summary>A child process of a test, whose lines can be waited for and which never outlives the test.</summary>
internal sealed class TestProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly Lock gate = new();
    private readonly List<string> output = [];
    private readonly List<string> errors = [];
    private readonly List<(Func<string, bool> Wanted, TaskCompletionSource<string> Found)> waiting = [];

    private TestProcess(Process process) => this.process = process;

    public int Id => process.Id;

    public IReadOnlyList<string> Output => Copy(output);

    public IReadOnlyList<string> Errors => Copy(errors);

    public static TestProcess Start(ProcessStartInfo start)
    {
        ArgumentNullException.ThrowIfNull(start);
        start.RedirectStandardOutput = start.RedirectStandardError = start.RedirectStandardInput = true;
        var child = new TestProcess(new Process { StartInfo = start, EnableRaisingEvents = true });
        child.process.OutputDataReceived += (_, line) => child.Take(child.output, line.Data);
        child.process.ErrorDataReceived += (_, line) => child.Take(child.errors, line.Data);
        child.process.Start();
        child.process.StandardInput.Close();
        child.process.BeginOutputReadLine();
        child.process.BeginErrorReadLine();
        return child;
    }

    public static bool Lives(int processId)
    {
        try
        {
            using var found = Process.GetProcessById(processId);
            return !found.HasExited && !IsZombie(processId);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>An orphan that has ended stays in the table until the system's first process looks after it, which takes it as long as it likes.</summary>
    private static bool IsZombie(int processId)
    {
        var stat = $"/proc/{processId}/stat";
        // "1234 (name with spaces) Z ...": the state follows the last parenthesis (proc(5)).
        return File.Exists(stat) && File.ReadAllText(stat) is var line && line[(line.LastIndexOf(')') + 2)..].StartsWith('Z');
    }

    /// <summary>Waits until a process, whoever's child it is, has left.</summary>
    public static async Task GoneAsync(int processId)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            using var leaving = Process.GetProcessById(processId);
            await leaving.WaitForExitAsync(patience.Token);
        }
        catch (ArgumentException)
        {
            // It had left already.
        }
    }

    /// <summary>The first line on standard output or error, past or future, that is wanted.</summary>
    /// <exception cref="TimeoutException">It did not come within a minute; the message holds everything that did.</exception>
    public async Task<string> LineAsync(Func<string, bool> wanted)
    {
        var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (output.Concat(errors).FirstOrDefault(wanted) is { } past)
            {
                return past;
            }

            waiting.Add((wanted, found));
        }

        var first = await Task.WhenAny(found.Task, process.WaitForExitAsync(), Task.Delay(Patience));
        return first == found.Task || found.Task.IsCompletedSuccessfully
            ? await found.Task
            : throw new TimeoutException($"The wanted line did not come. {Story()}");
    }

    public async Task<int> ExitAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The process did not end. {Story()}");
        }

        return process.ExitCode;
    }

    /// <summary>Sends a signal by name, as <c>kill -NAME</c> does.</summary>
    public async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{Id}"]);
        await kill.WaitForExitAsync();
    }

    public string Story() => $"Output: {string.Join(" | ", Output)} Errors: {string.Join(" | ", Errors)}";

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    private string[] Copy(List<string> lines)
    {
        lock (gate)
        {
            return [.. lines];
        }
    }

    private void Take(List<string> lines, string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (gate)
        {
            lines.Add(line);
            foreach (var (wanted, found) in waiting)
            {
                if (wanted(line))
                {
                    found.TrySetResult(line);
                }
            }
        }
    }
}
