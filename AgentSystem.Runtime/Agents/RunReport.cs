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

    /// <summary>USD at the list price of the models that were called, the same as in the ledger; a model without a price counts 0.</summary>
    public decimal CostUsd { get; private set; }

    /// <summary>USD left in the budget that has least, as of the last call; null when no budget counts this run.</summary>
    public decimal? BudgetRemaining { get; private set; }

    /// <summary>Times a call went on to another model because one could not answer, or because a budget had no room for it.</summary>
    public int Fallbacks { get; private set; }

    /// <summary>Name of the model that answered last; null until one did.</summary>
    public string? Model { get; private set; }

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

    /// <summary>A call took tokens and cost this much.</summary>
    public void Spent(long input, long output, decimal costUsd)
    {
        (InputTokens, OutputTokens) = (InputTokens + (int)input, OutputTokens + (int)output);
        CostUsd += costUsd;
    }

    /// <summary>So much is left in the budget that has least; null changes nothing, because no budget counted the call.</summary>
    public void Left(decimal? usd) => BudgetRemaining = usd ?? BudgetRemaining;

    /// <summary>This model's answer has begun.</summary>
    public void Answering(string name) => Model = name;

    /// <summary>A model could not answer and the next one is asked.</summary>
    public void FellBack() => Fallbacks++;

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

    /// <summary>The figures so far, to tell another process.</summary>
    internal RunFigures Read() => new(Attempts, InputTokens, OutputTokens, CostUsd, BudgetRemaining, Fallbacks, Model, Confidence, Tools, model, tool);

    /// <summary>Takes over what another process counted.</summary>
    internal void Take(RunFigures figures)
    {
        lock (gate)
        {
            (Attempts, InputTokens, OutputTokens) = (Attempts + figures.Attempts, InputTokens + figures.InputTokens, OutputTokens + figures.OutputTokens);
            (CostUsd, BudgetRemaining, Fallbacks) = (CostUsd + figures.CostUsd, figures.BudgetRemaining ?? BudgetRemaining, Fallbacks + figures.Fallbacks);
            (Model, Confidence) = (figures.Model ?? Model, figures.Confidence ?? Confidence);
            tools.AddRange(figures.Tools);
            (model, tool) = (model + figures.ModelTime, tool + figures.ToolTime);
        }
    }
}

/// <summary>What a run's report counted.</summary>
/// <param name="Attempts">Model calls sent.</param>
/// <param name="InputTokens">Input tokens.</param>
/// <param name="OutputTokens">Output tokens.</param>
/// <param name="CostUsd">USD.</param>
/// <param name="BudgetRemaining">USD left in the budget that has least; null: none counts.</param>
/// <param name="Fallbacks">Times another model was asked.</param>
/// <param name="Model">The model that answered last.</param>
/// <param name="Confidence">Mean token probability.</param>
/// <param name="Tools">Tool calls.</param>
/// <param name="ModelTime">Waited for models.</param>
/// <param name="ToolTime">Waited for tools.</param>
internal sealed record RunFigures(
    int Attempts, int InputTokens, int OutputTokens, decimal CostUsd, decimal? BudgetRemaining, int Fallbacks, string? Model, double? Confidence, IReadOnlyList<ToolUse> Tools, TimeSpan ModelTime, TimeSpan ToolTime);
