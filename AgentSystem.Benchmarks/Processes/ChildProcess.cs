using System.Diagnostics;

namespace AgentSystem.Benchmarks.Processes;

/// <summary>A process of a benchmark, on the processors it is given. It ends with its starter.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    /// <summary>What begins the line in which a role says where it listens.</summary>
    public const string Announcement = "listening ";

    private const int KeptLines = 20;
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(20);

    // The tests carry a copy of this program beside theirs that cannot be started; the real one is in a folder of its own.
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "..", "..", "AgentSystem.Benchmarks", Checkout.Configuration, "AgentSystem.Benchmarks.dll");

    private readonly Process process;
    private readonly Queue<string> said = new();
    private readonly TaskCompletionSource<string> announced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(Process process) => this.process = process;

    public int Id => process.Id;

    /// <summary>Where orders go, one a line.</summary>
    public StreamWriter Orders => process.StandardInput;

    /// <summary>What the process answers to orders. Only of a process started with <c>speaks</c>.</summary>
    public StreamReader Answers => process.StandardOutput;

    /// <summary>Starts this program in a role.</summary>
    public static ChildProcess StartRole(string role, string processors, string[] arguments, bool speaks = false) =>
        Start(processors, "dotnet", [Program, Role.Verb, role, .. arguments], Checkout.Root, speaks);

    /// <summary>Starts a program. What it says is kept for a failure's story, unless it <paramref name="speaks"/>: then <see cref="Answers"/> is the caller's.</summary>
    /// <param name="processors">As <c>taskset</c> takes them; empty for all.</param>
    public static ChildProcess Start(string processors, string program, string[] arguments, string folder, bool speaks = false)
    {
        var start = processors.Length == 0 ? new ProcessStartInfo(program, arguments) : new ProcessStartInfo("taskset", ["-c", processors, program, .. arguments]);
        (start.WorkingDirectory, start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (folder, true, true, true);
        // What the operator set for an installation of their own must not steer the one that is measured.
        foreach (var inherited in start.Environment.Keys.Where(IsSetting).ToList())
        {
            start.Environment.Remove(inherited);
        }

        var child = new ChildProcess(new Process { StartInfo = start, EnableRaisingEvents = true });
        child.process.Exited += (_, _) => child.announced.TrySetException(new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended: {child.Story()}"));
        child.process.OutputDataReceived += (_, line) => child.Hear(line.Data);
        child.process.ErrorDataReceived += (_, line) => child.Hear(line.Data);
        child.process.Start();
        child.process.BeginErrorReadLine();
        if (!speaks)
        {
            child.process.BeginOutputReadLine();
        }

        return child;
    }

    /// <summary>Waits for a role's announcement.</summary>
    /// <exception cref="InvalidOperationException">It ended instead; the message holds what it said.</exception>
    /// <exception cref="TimeoutException">It said nothing within a minute.</exception>
    public async Task<(Uri Url, int[] Others)> ListeningAsync()
    {
        var words = (await announced.Task.WaitAsync(StartTime))[Announcement.Length..].Split(' ');
        return (new Uri(words[0]), [.. words[1..].Select(int.Parse)]);
    }

    /// <summary>The last lines it said.</summary>
    public string Story()
    {
        lock (said)
        {
            return string.Join(" | ", said);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.StandardInput.Close();
            using var patience = new CancellationTokenSource(StopTime);
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }

        process.Dispose();
    }

    /// <summary>Ends a program that does not mind its standard input.</summary>
    public void Kill() => process.Kill(entireProcessTree: true);

    internal static bool IsSetting(string name) =>
        name.StartsWith("AGENTSYSTEM_", StringComparison.Ordinal) || name.StartsWith("ConnectionStrings__", StringComparison.Ordinal) || name.StartsWith("Models__", StringComparison.Ordinal);

    private void Hear(string? line)
    {
        if (line is null)
        {
            return;
        }

        if (line.StartsWith(Announcement, StringComparison.Ordinal))
        {
            announced.TrySetResult(line);
        }

        lock (said)
        {
            said.Enqueue(line);
            if (said.Count > KeptLines)
            {
                said.Dequeue();
            }
        }
    }
}
