using System.Runtime.CompilerServices;
using AgentSystem.Contracts.Agents;
using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Budgets;
using AgentSystem.Runtime.Resilience;
using AgentSystem.Runtime.Runs;
using AgentSystem.Runtime.Security.Guard;
using AgentSystem.Runtime.Tools;
using AgentSystem.Runtime.Tools.Calls;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Agents;

/// <summary>The one agent loop: the model is called, the tools it asks for run, their results go back, until it answers or the step limit is reached.</summary>
/// <param name="models">Where fallbacks are found; null: there are none.</param>
/// <param name="catalogue">The tools of tenants beside those of the platform; null: there are none.</param>
/// <param name="budgets">What limits the spending of a run that has a <see cref="AgentRun.Charge"/>; null: nothing.</param>
public sealed class AgentLoop(ToolCatalog tools, ModelResilience resilience, TimeProvider time, IModelDirectory? models = null, BudgetKeeper? budgets = null, TenantTools? catalogue = null)
{
    /// <summary>Runs an agent over a conversation. Yields what the client shall see: text, calls of the client's own tools, the finish reason and usage.</summary>
    /// <exception cref="ModelCallException">The model could not be reached, refused, or broke off.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> RunAsync(AgentRun run, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var shelf = await ShelfAsync(run, cancellation).ConfigureAwait(false);
        var own = run.Agent.Limits.MaxSteps > 1 ? BindTools(run, shelf) : [];
        using var client = Build(run, shelf);
        using var span = AgentSpan.Start(run);
        await using var updates = client.GetStreamingResponseAsync(Conversation(run), Options(run, own), cancellation).GetAsyncEnumerator(cancellation);
        while (await span.NextAsync(updates).ConfigureAwait(false))
        {
            var visible = GuardedPieces.Pass(Visible(updates.Current, run), run.Guard, ends: updates.Current.FinishReason is not null);
            run.Seen?.Invoke(GuardedPieces.AsShown(updates.Current, visible, run.Guard));
            if (visible is not null)
            {
                yield return visible;
            }

            if (run.Guard?.Output.Blocked is not null)
            {
                yield break;
            }
        }

        if (run.Guard?.Output.Finish() is { Length: > 0 } rest)
        {
            var last = new ChatResponseUpdate(ChatRole.Assistant, rest);
            run.Seen?.Invoke(last);
            yield return last;
        }
    }

    /// <summary>
    /// The decorators around a model call, outermost first: the tool loop, the journal of a durable run, the cheaper models, the fallbacks, then for each model retry and breaker, the money of each attempt, its limits and figures, and its measuring.
    /// An agent of one step has no tool loop: nobody could be told a result. The tool loop gets no logger, because it would log arguments and results.
    /// </summary>
    private IChatClient Build(AgentRun run, IReadOnlyDictionary<string, ITool> shelf)
    {
        var fallback = new FallbackChatClient([.. Candidates(run, shelf)], (model, failure) =>
        {
            run.Report.FellBack();
            resilience.FellBack(model, failure);
        });
        var degrading = new DegradingChatClient(
            fallback, (conversation, options) => [.. CheaperModels.Of(run, models, conversation, options).Select(model => Candidate(model, run, shelf))],
            _ =>
            {
                run.Report.FellBack();
                budgets?.Degraded();
            },
            (model, failure) =>
            {
                run.Report.FellBack();
                resilience.FellBack(model, failure);
            });
        // What is counted there are rounds of tools; the model is called once more after the last, then without tools.
        var rounds = run.Agent.Limits.MaxSteps - 1;
        IChatClient asked = run.Journal is { } journal ? new JournaledChatClient(degrading, run.Model.View.Name, journal, run.Report) : degrading;
        return rounds < 1 ? asked : new FunctionInvokingChatClient(asked) { MaximumIterationsPerRequest = rounds, MaximumConsecutiveErrorsPerRequest = 2 };
    }

    /// <summary>The agent's own order of fallbacks, or else the model's. A name that is no longer configured is passed over: the agent was made when it was.</summary>
    private IEnumerable<FallbackCandidate> Candidates(AgentRun run, IReadOnlyDictionary<string, ITool> shelf)
    {
        yield return Candidate(run.Model, run, shelf);
        foreach (var name in (run.Agent.Fallbacks ?? run.Model.View.Fallbacks ?? []).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (models?.TryGet(name, out var model) == true && model.View.Name != run.Model.View.Name)
            {
                yield return Candidate(model, run, shelf);
            }
        }
    }

    private FallbackCandidate Candidate(ModelEntry model, AgentRun run, IReadOnlyDictionary<string, ITool> shelf)
    {
        var measured = new MeasuredChatClient(new BorrowedChatClient(model.Client), model.View.Name, run.Report, time);
        var watched = new WatchedChatClient(measured, model.View.Name, model.View.Limits, resilience, time);
        var charged = new ChargedChatClient(watched, model.View, run.Report, budgets, run.Charge);
        return new FallbackCandidate(model.View.Name, model.View.ContextTokens, model.TextOnly, Spotlit(new ResilientChatClient(charged, model.View.Name, resilience), model, run, shelf));
    }

    /// <summary>The shipped model was trained without marks and sees none unless its agent asks for them; a model of this process is no place a prompt could leak to.</summary>
    private static IChatClient Spotlit(IChatClient client, ModelEntry model, AgentRun run, IReadOnlyDictionary<string, ITool> shelf)
    {
        var (marks, canary) = (run.Guard?.Policy.Spotlight ?? model.IsRemote, model.IsRemote && run.Agent.Instructions.Length > 0 && run.Guard?.Policy.Output >= OutputMode.Monitor);
        return run.Guard is { } guard && (marks || canary)
            ? new SpotlightChatClient(client, guard, marks, canary, name => shelf.GetValueOrDefault(name)?.Source)
            : client;
    }

    /// <summary>The agent's tools that there are: the platform's own are at hand, those of the tenant are looked up.</summary>
    private async Task<IReadOnlyDictionary<string, ITool>> ShelfAsync(AgentRun run, CancellationToken cancellation)
    {
        if (catalogue is not null)
        {
            return await catalogue.FindAsync(run.Scope.Tenant, run.Agent.Tools, cancellation).ConfigureAwait(false);
        }

        var shelf = new Dictionary<string, ITool>(StringComparer.Ordinal);
        foreach (var name in run.Agent.Tools)
        {
            if (tools.TryGet(name, out var tool))
            {
                shelf[name] = tool;
            }
        }

        return shelf;
    }

    private List<AIFunction> BindTools(AgentRun run, IReadOnlyDictionary<string, ITool> shelf)
    {
        var bound = new List<AIFunction>();
        foreach (var name in run.Agent.Tools.Where(run.MayUse))
        {
            if (shelf.TryGetValue(name, out var tool))
            {
                var measured = new MeasuredFunction(Approvable(tool, run), run.Report, time);
                AIFunction kept = run.Journal is { } journal
                    // An effect the Rule of Two forbids waits for a person, whatever its class.
                    ? new JournaledFunction(measured, () => run.Guard?.Stops(name, tool.Reach) == true ? ToolEffect.Unsafe : tool.Effect, journal)
                    : measured;
                bound.Add(run.Guard is { } guard ? new GuardedFunction(kept, tool, guard, asks: run.Journal is not null) : kept);
            }
        }

        return bound;
    }

    /// <summary>Where nobody can be asked, a tool whose every call a person approves is not called.</summary>
    private static AIFunction Approvable(ITool tool, AgentRun run) =>
        tool.Effect == ToolEffect.Unsafe && run.Journal is null ? new UnapprovedFunction(tool.Bind(run.Scope)) : tool.Bind(run.Scope);

    private static IEnumerable<ChatMessage> Conversation(AgentRun run) =>
        run.Agent.Instructions.Length == 0 ? run.Messages : run.Messages.Prepend(new ChatMessage(ChatRole.System, run.Agent.Instructions));

    private static ChatOptions Options(AgentRun run, List<AIFunction> own)
    {
        var options = run.Options.Clone();
        options.MaxOutputTokens = Math.Min(options.MaxOutputTokens ?? int.MaxValue, run.Agent.Limits.MaxOutputTokens);
        options.Tools = [.. own, .. run.Options.Tools ?? []];
        if (options.Tools.Count == 0)
        {
            options.Tools = null;
            options.ToolMode = null;
        }

        return options;
    }

    /// <summary>What the loop did with its own tools stays inside; the client sees text and calls of its own tools.</summary>
    private static ChatResponseUpdate? Visible(ChatResponseUpdate update, AgentRun run)
    {
        var contents = update.Contents.Where(content => content switch
        {
            FunctionResultContent => false,
            FunctionCallContent call => run.Options.Tools?.Any(tool => tool.Name == call.Name) == true,
            UsageContent => false,
            _ => true,
        }).ToList();

        var inner = contents.Count == 0 && (update.FinishReason is null || update.FinishReason == ChatFinishReason.ToolCalls);
        return inner ? null : new ChatResponseUpdate(update.Role ?? ChatRole.Assistant, contents) { FinishReason = update.FinishReason, ModelId = update.ModelId };
    }
}

/// <summary>What one run of the loop needs.</summary>
/// <param name="Agent">Instructions, tools and limits.</param>
/// <param name="Model">The model that answers.</param>
/// <param name="Messages">The conversation so far.</param>
/// <param name="Options">Parameters and the client's own tools.</param>
/// <param name="Scope">On whose behalf tools run.</param>
/// <param name="MayUse">Whether the caller's key allows a tool.</param>
/// <param name="Report">Where time and tokens are counted.</param>
/// <param name="Seen">Told of everything, also of what the client does not see: the loop's own tool calls and their results. Text is what left, not what the model wrote: a link that was made harmless stays so.</param>
public sealed record AgentRun(
    AgentDefinition Agent, ModelEntry Model, IReadOnlyList<ChatMessage> Messages, ChatOptions Options, ToolScope Scope, Func<string, bool> MayUse, RunReport Report,
    Action<ChatResponseUpdate>? Seen = null)
{
    /// <summary>The thread the run belongs to, for the run's span; null: none.</summary>
    public string? ConversationId { get; init; }

    /// <summary>Whose budgets are charged, and what the ledger says; null: nobody's.</summary>
    public BudgetScope? Charge { get; init; }

    /// <summary>What stands between the run and what its texts want of it; null: nothing.</summary>
    public RunGuard? Guard { get; init; }

    /// <summary>Where a durable run's steps are recorded and found again; null: nothing is kept.</summary>
    public RunJournal? Journal { get; init; }
}
