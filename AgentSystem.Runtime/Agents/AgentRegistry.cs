using System.Globalization;
using AgentSystem.Contracts.Agents;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Agents.Rules;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Agents;

/// <summary>Defining agents: what may be kept, by whom, and on top of what.</summary>
public sealed partial class AgentRegistry(IAgentStore store, AgentRules rules, IOptions<AgentsOptions> options, TimeProvider time, ILogger<AgentRegistry> log)
{
    private AgentQuota Quota => new(options.Value.MaxPerTenant, options.Value.MaxTypesPerTenant);

    /// <summary>A part of the agents the caller may call, by name: those that answer, or those that are archived.</summary>
    public Task<IReadOnlyList<AgentView>> ListAsync(Caller caller, string? text, bool archived, string? after, int limit, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return store.PageAsync(new AgentQuery(caller.Tenant, limit, after, text, Among(caller), archived), cancellation);
    }

    /// <summary>The active version, or the one that was when the agent was archived.</summary>
    public async Task<AgentOutcome> GetAsync(Caller caller, string name, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return await ReadAsync(caller, name, null, cancellation).ConfigureAwait(false) is { } active ? active : AgentFailures.Missing(name);
    }

    /// <summary>One version, also of an archived agent; <paramref name="member"/> is how the request calls the number.</summary>
    public async Task<AgentOutcome> VersionAsync(Caller caller, string name, string version, CancellationToken cancellation, string member = "version")
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && await ReadAsync(caller, name, number, cancellation).ConfigureAwait(false) is { } found)
        {
            return found;
        }

        return await StateAsync(caller, name, cancellation).ConfigureAwait(false) is { } state
            ? AgentFailures.NoSuchVersion(name, version, state.Latest, member)
            : AgentFailures.Missing(name);
    }

    /// <summary>Where an agent stands, archived or not; null when there is none the caller may call.</summary>
    public async Task<AgentState?> StateAsync(Caller caller, string name, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return caller.MayCall(name) ? await store.StateAsync(caller.Tenant, name, cancellation).ConfigureAwait(false) : null;
    }

    /// <summary>Versions below <paramref name="before"/>, newest first. Ask <see cref="StateAsync"/> first whether the caller may.</summary>
    public Task<IReadOnlyList<AgentRecord>> VersionsAsync(Caller caller, string name, int before, int limit, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return store.VersionsAsync(caller.Tenant, name, before, limit, cancellation);
    }

    /// <summary>Makes an agent.</summary>
    public async Task<AgentOutcome> CreateAsync(Caller caller, CreateAgent body, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(body);
        var (definition, failure) = await rules.ReadAsync(caller.Tenant, body, cancellation).ConfigureAwait(false);
        if (definition is null)
        {
            return failure!;
        }

        if (!caller.MayCall(body.Name))
        {
            return AgentFailures.NotYours(body.Name);
        }

        var version = new NewVersion(definition, Now(), caller.KeyName);
        return Kept(version, await store.CreateAsync(version, Quota, cancellation).ConfigureAwait(false));
    }

    /// <summary>Adds a version to an agent.</summary>
    public async Task<AgentOutcome> AppendAsync(Caller caller, string name, CreateAgent body, bool activate, VersionMatch? match, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(body);
        if (!caller.MayCall(name))
        {
            return AgentFailures.Missing(name);
        }

        if (body.Name != name)
        {
            return AgentRefusal.Invalid("invalid_value", $"\"name\" must be \"{name}\", as in the path; an agent keeps its name.", "name");
        }

        var (definition, failure) = await rules.ReadAsync(caller.Tenant, body, cancellation).ConfigureAwait(false);
        if (definition is null)
        {
            return failure!;
        }

        var version = new NewVersion(definition, Now(), caller.KeyName);
        return Kept(version, await store.AppendAsync(version, activate, match, Quota, cancellation).ConfigureAwait(false));
    }

    /// <summary>Lets a version answer.</summary>
    public async Task<AgentOutcome> ActivateAsync(Caller caller, string name, int version, VersionMatch? match, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (!caller.MayCall(name))
        {
            return AgentFailures.Missing(name);
        }

        var write = await store.ActivateAsync(caller.Tenant, name, version, match, Quota, cancellation).ConfigureAwait(false);
        if (write.Status != AgentWriteStatus.Done)
        {
            return AgentFailures.Of(write, name, "", version, Quota);
        }

        LogActivated(name, version, caller.KeyName);
        var record = await store.GetAsync(caller.Tenant, name, version, cancellation).ConfigureAwait(false);
        // The state this change made, not one that somebody made after it: the answer's ETag must not vouch for what the caller has not seen.
        return record! with { State = write.State! };
    }

    /// <summary>Puts an agent away: either where it stands then, or why it was not done.</summary>
    public async Task<(AgentState? State, AgentRefusal? Refusal)> ArchiveAsync(Caller caller, string name, VersionMatch? match, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (!caller.MayCall(name))
        {
            return (null, AgentFailures.Missing(name));
        }

        var write = await store.ArchiveAsync(caller.Tenant, name, match, Now(), cancellation).ConfigureAwait(false);
        if (write.Status != AgentWriteStatus.Done)
        {
            return (null, write.Status == AgentWriteStatus.Archived ? AgentFailures.Archived(name) : AgentFailures.Of(write, name, "", 0, Quota));
        }

        LogArchived(name, caller.KeyName);
        return (write.State, null);
    }

    private AgentOutcome Kept(NewVersion version, AgentWrite write)
    {
        var (name, type) = (version.Definition.Name, version.Definition.Type);
        if (write.Status != AgentWriteStatus.Done)
        {
            return AgentFailures.Of(write, name, type, 0, Quota);
        }

        LogKept(name, write.State!.Latest, write.State.Active, version.By);
        return new AgentRecord(version.Definition with { Version = write.State.Latest }, write.State, version.At, version.By);
    }

    private Task<AgentRecord?> ReadAsync(Caller caller, string name, int? version, CancellationToken cancellation) =>
        caller.MayCall(name) ? store.GetAsync(caller.Tenant, name, version, cancellation) : Task.FromResult<AgentRecord?>(null);

    /// <summary>In whole microseconds: what an answer tells is then what every later answer tells, whatever a store can keep.</summary>
    private DateTimeOffset Now()
    {
        var now = time.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    private static IReadOnlyList<string>? Among(Caller caller) => caller.Agents.Contains("*") ? null : caller.Agents;

    [LoggerMessage(Level = LogLevel.Information, Message = "Version {Version} of agent {Agent} was made with key {Key}; version {Active} answers.")]
    private partial void LogKept(string agent, int version, int active, string key);

    [LoggerMessage(Level = LogLevel.Information, Message = "Version {Version} of agent {Agent} was activated with key {Key}.")]
    private partial void LogActivated(string agent, int version, string key);

    [LoggerMessage(Level = LogLevel.Information, Message = "Agent {Agent} was archived with key {Key}.")]
    private partial void LogArchived(string agent, string key);
}

/// <summary>Either a version of an agent, or why there is none.</summary>
public sealed record AgentOutcome(AgentRecord? Agent, AgentRefusal? Failure)
{
    public static implicit operator AgentOutcome(AgentRecord agent) => new(agent, null);

    public static implicit operator AgentOutcome(AgentRefusal failure) => new(null, failure);
}
