using AgentSystem.Contracts.Agents;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Threats.Containment;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Pipeline.Phases;

/// <summary>Phase 1. The edge has checked sizes and authenticated; here: authorisation (scope, agent, user), structure, whether any of them is contained, the key's limits, the canonical form, what the texts are up to, the thread it continues, and what the turns of it are up to together, in that order.</summary>
internal sealed class SecurityPhase(
    IAgentStore agents, IModelDirectory models, KeyLimiter limiter, ContainmentBoard containment, ThreadTurns threads, InputScreening screening, IOptions<SecurityOptions> options) : IRunPhase
{
    private const string BareModel = "model:";

    public string Name => "security";

    public async ValueTask<RunFailure?> RunAsync(RunContext run, CancellationToken cancellation)
    {
        return Authorise(run) ?? CheckStructure(run.Call) ?? await ResolveAsync(run, cancellation).ConfigureAwait(false) ?? Contained(run) ?? Admit(run) ?? Canonicalise(run)
            ?? await screening.ScreenAsync(run, cancellation).ConfigureAwait(false) ?? await threads.AttachAsync(run, cancellation).ConfigureAwait(false)
            ?? await screening.ScreenTogetherAsync(run, cancellation).ConfigureAwait(false) ?? await StartAsync(run, cancellation).ConfigureAwait(false);
    }

    /// <summary>From here on a durable run is executed with this version and this history, however often it is resumed.</summary>
    private static async ValueTask<RunFailure?> StartAsync(RunContext run, CancellationToken cancellation)
    {
        if (run.Call.Journal is { } journal)
        {
            await journal.StartAsync(run.Agent!.Version, run.ThreadMessages, cancellation).ConfigureAwait(false);
        }

        return null;
    }

    private RunFailure? Authorise(RunContext run)
    {
        var (caller, user) = (run.Call.Caller, run.Call.User);
        if (!caller.Has(Scopes.Chat))
        {
            return RunFailure.Forbidden("missing_scope", $"This key lacks the scope \"{Scopes.Chat}\"; ask an administrator for a key that has it.");
        }

        if (user?.Length > options.Value.MaxUserLength)
        {
            return RunFailure.Invalid("user_too_long", $"\"user\" has {user.Length} characters; at most {options.Value.MaxUserLength} are allowed.", "user");
        }

        if (caller.BoundUser is { } bound && user is not null && user != bound)
        {
            return RunFailure.Forbidden("user_not_allowed", "This key is bound to one user and cannot speak for another; leave \"user\" out.", "user");
        }

        if (user is not null && RequestUser.IsReserved(user))
        {
            return RunFailure.Invalid("invalid_value", RequestUser.ReservedMessage, "user");
        }

        run.User = RequestUser.Name(caller, user);
        return null;
    }

    private RunFailure? CheckStructure(ChatCall call)
    {
        if (call.Messages.Count > options.Value.MaxMessages)
        {
            return RunFailure.Invalid("too_many_messages", $"The conversation has {call.Messages.Count} messages; at most {options.Value.MaxMessages} are allowed.", "messages");
        }

        return call.Options.Tools?.Count > options.Value.MaxClientTools
            ? RunFailure.Invalid("too_many_tools", $"{call.Options.Tools.Count} tools are declared; at most {options.Value.MaxClientTools} are allowed.", "tools")
            : null;
    }

    private async ValueTask<RunFailure?> ResolveAsync(RunContext run, CancellationToken cancellation)
    {
        var (caller, target) = (run.Call.Caller, run.Call.Target);
        var agent = target.StartsWith(BareModel, StringComparison.Ordinal)
            ? Bare(caller.Tenant, target[BareModel.Length..])
            : await FindAsync(run.Call, cancellation).ConfigureAwait(false);

        // An agent the key may not call answers like one that does not exist: names of others are nobody's business.
        if (agent is null || !caller.MayCall(agent.Name))
        {
            return RunFailure.NotFound("model_not_found", $"There is no agent \"{target}\" that this key may call; GET /v1/models lists those it may.", "model");
        }

        if ((models.TryGet(agent.Model, out var found) ? found : FirstFallback(agent)) is not { } model)
        {
            return models.TryGetEmbedder(agent.Model, out _)
                ? RunFailure.Invalid("model_makes_vectors", $"Model \"{agent.Model}\" turns texts into vectors and cannot answer; ask it at POST /v1/embeddings.", "model")
                : target.StartsWith(BareModel, StringComparison.Ordinal)
                ? RunFailure.NotFound("model_not_found", $"There is no model \"{agent.Model}\"; GET /v1/models lists what there is.", "model")
                : new RunFailure(503, "server_error", "model_not_configured", $"Agent \"{agent.Name}\" needs model \"{agent.Model}\", which is not configured, nor is a fallback of its own; set Models:{agent.Model}.");
        }

        (run.Agent, run.Model) = (agent, model);
        if (run.Call.Options.Tools?.FirstOrDefault(tool => agent.Tools.Contains(tool.Name)) is { } taken)
        {
            return RunFailure.Invalid("tool_name_taken", $"Agent \"{agent.Name}\" has a tool \"{taken.Name}\" of its own; give yours another name.", "tools");
        }
        return model.TextOnly && run.Call.Messages.Any(HoldsMedia)
            ? RunFailure.Invalid("unsupported_content", $"Model \"{model.View.Name}\" reads text only; leave images and audio out, or use {WhoSees(caller)}.", "messages")
            : null;
    }

    /// <summary>The active version; for a durable run that was executed before, the version it began with, whatever became of the agent since.</summary>
    private async ValueTask<AgentDefinition?> FindAsync(ChatCall call, CancellationToken cancellation) =>
        call.Journal?.Held.Run.AgentVersion is { } version
            ? (await agents.GetAsync(call.Caller.Tenant, call.Target, version, cancellation).ConfigureAwait(false))?.Definition
            : await agents.FindAsync(call.Caller.Tenant, call.Target, cancellation).ConfigureAwait(false);

    /// <summary>Where an agent begins whose model was taken out of the configuration since it was made.</summary>
    private ModelEntry? FirstFallback(AgentDefinition agent)
    {
        foreach (var name in agent.Fallbacks ?? [])
        {
            if (models.TryGet(name, out var model))
            {
                return model;
            }
        }

        return null;
    }

    /// <summary>Last, because it costs time in proportion to the text: nobody gets it spent without a key, a scope and room under the limits.</summary>
    private static RunFailure? Canonicalise(RunContext run)
    {
        run.Conversation = Canonical.Conversation(run.Call.Messages);
        return null;
    }

    private RunFailure? Admit(RunContext run)
    {
        run.Limits = limiter.Enter(run.Call.Caller);
        if (run.Limits.Refusal is { } reason)
        {
            return new RunFailure(429, "rate_limit_error", "rate_limit_exceeded", reason, RetryAfter: run.Limits.RetryAfter);
        }

        run.Admitted = true;
        return null;
    }

    /// <summary>After the agent is known, so that an agent the key may not call looks like one that does not exist, contained or not.</summary>
    private RunFailure? Contained(RunContext run)
    {
        var (caller, agent) = (run.Call.Caller, run.Agent!.Name);
        if (containment.Current.Stops(caller.Tenant, caller.KeyId, run.User, agent) is { } by)
        {
            return ContainmentFailures.Of(by, agent);
        }

        // A throttled key waits at the edge; a run that was queued before goes on.
        return run.Call.Journal is null && run.User != ContainmentFailures.KeyScope(caller.KeyId) && containment.Wait(caller.Tenant, run.User) is var wait && wait > TimeSpan.Zero
            ? ContainmentFailures.Throttled(wait)
            : null;
    }

    /// <summary>The models that may see and that this key may call, by name, so that the caller need not search.</summary>
    private string WhoSees(Caller caller)
    {
        string[] seeing = [.. models.Models.Where(view => models.TryGet(view.Name, out var entry) && !entry.TextOnly && caller.MayCall(BareModel + view.Name)).Select(static view => $"\"{BareModel}{view.Name}\"").Take(3)];
        return seeing.Length > 0 ? string.Join(" or ", seeing) : "an agent whose model sees them";
    }

    private static bool HoldsMedia(ChatMessage message) => message.Contents.Any(content => content is DataContent or UriContent);

    private static AgentDefinition Bare(string tenant, string model) =>
        new(tenant, BareModel + model, 1, "model", "", "A bare model.", model, "", [], new AgentLimits(), QualityMode.Stream);
}
