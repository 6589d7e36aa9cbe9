using AgentSystem.Contracts.Usage;

namespace AgentSystem.Runtime.Agents;

/// <summary>Where one run's time, tokens and attempts go, counted while it runs. Written by one run at a time; tool calls may overlap.</summary>
public sealed class RunReport(TimeProvider time, long received)
{
    private readonly Lock gate = new();
    private readonly List<ToolUse> tools = [];
    private TimeSpan model;
    private TimeSpan tool;
    private TimeSpan? firstToken;

    /// <summary>Model calls sent, retries included.</summary>
    public int Attempts { get; private set; }

    /// <summary>Input tokens the model counted.</summary>
    public int InputTokens { get; private set; }

    /// <summary>Output tokens the model counted.</summary>
    public int OutputTokens { get; private set; }

    /// <summary>Mean token probability of the answer, 0 to 1, where the model tells its log-probabilities.</summary>
    public double? Confidence { get; private set; }

    /// <summary>Tool calls, in the order they ended.</summary>
    public IReadOnlyList<ToolUse> Tools
    {
        get
        {
            lock (gate)
            {
                return [.. tools];
            }
        }
    }

    /// <summary>Since the request came in.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(received);

    /// <summary>Until the first token of the answer.</summary>
    public TimeSpan? FirstToken => firstToken;

    /// <summary>Time outside model and tools.</summary>
    public TimeSpan Overhead(TimeSpan elapsed) => elapsed - model - tool is { Ticks: > 0 } rest ? rest : TimeSpan.Zero;

    /// <summary>A model call is sent.</summary>
    public void ModelCalled() => Attempts++;

    /// <summary>The run waited this long for the model.</summary>
    public void ModelTook(TimeSpan duration) => model += duration;

    /// <summary>The model counted tokens.</summary>
    public void Spent(long input, long output) => (InputTokens, OutputTokens) = (InputTokens + (int)input, OutputTokens + (int)output);

    /// <summary>The model told the mean log-probability of its last answer.</summary>
    public void Sure(double meanLogProbability) => Confidence = Math.Exp(meanLogProbability);

    /// <summary>A piece of the answer appeared; only the first counts.</summary>
    public void Token() => firstToken ??= Elapsed;

    /// <summary>A tool call ended.</summary>
    public void ToolCalled(string name, bool success, TimeSpan duration)
    {
        lock (gate)
        {
            tools.Add(new ToolUse(name, success ? "success" : "error", Math.Round(duration.TotalMilliseconds, 3)));
            tool += duration;
        }
    }

    /// <summary>Takes over what a cached answer used, so that its tools are shown.</summary>
    public void FromCache(IEnumerable<ToolUse> used)
    {
        lock (gate)
        {
            tools.AddRange(used);
        }
    }
}
