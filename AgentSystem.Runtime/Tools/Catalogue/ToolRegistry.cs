using System.Text.Json;
using AgentSystem.Contracts.Security;
using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Resilience;
using AgentSystem.Runtime.Tools.Calls;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Tools.Catalogue;

/// <summary>Registering and changing a tenant's tools. What a server describes differently than it did is a new version that waits for a person.</summary>
public sealed partial class ToolRegistry(
    IToolStore store, ToolRules rules, ToolImports imports, ToolCredentials credentials, CallBreakers breakers, IOptions<ToolsOptions> options, ILogger<ToolRegistry> log)
{
    private static readonly JsonElement AnyArguments = JsonSerializer.SerializeToElement(new { type = "object" });

    /// <summary>Registers a tool, or a server or document with its tools.</summary>
    public async Task<RegistryOutcome> CreateAsync(Caller caller, CreateTool body, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(body);
        if (rules.Check(body) is { } wrong)
        {
            return wrong;
        }

        var definition = Define(body);
        var headers = body.Headers ?? new Dictionary<string, string>(StringComparer.Ordinal);
        var (imported, failure) = body.Kind == ToolKind.Http ? (null, null) : await imports.ReadAsync(caller.Tenant, definition, headers, cancellation).ConfigureAwait(false);
        if (failure is not null)
        {
            return failure;
        }

        definition = imported is null ? definition : definition with { Description = imported.Description };
        // Whoever registers a server looks at what it offers at this moment; what comes later waits.
        List<NewTool> tools = [new(definition, Approved: true), .. ToolImports.Define(definition, imported, []).Select(static tool => new NewTool(tool, Approved: true))];
        var sealing = headers.Count == 0 ? null : await credentials.SealAsync(caller.Tenant, definition.Name, headers, cancellation).ConfigureAwait(false);
        var write = await store.AddAsync(caller.Tenant, tools, sealing, options.Value.MaxPerTenant, caller.KeyName, cancellation).ConfigureAwait(false);
        if (write.Status != ToolWriteStatus.Done)
        {
            return Of(write, body.Name);
        }

        LogRegistered(definition.Name, body.Kind, tools.Count - 1, caller.KeyName);
        return await ShowAsync(caller, definition.Name, new ImportChanges([.. tools.Skip(1).Select(static tool => tool.Definition.Name)], [], [], imported?.Skipped ?? []), cancellation).ConfigureAwait(false);
    }

    /// <summary>Changes a tool; what a model or a call meets is a new version, at once in use: a person asked for it.</summary>
    public async Task<RegistryOutcome> ChangeAsync(Caller caller, string name, ChangeTool body, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(body);
        if (await FindAsync(caller, name, cancellation).ConfigureAwait(false) is not { } tool)
        {
            return Missing(name);
        }

        if (rules.Check(body, tool.Definition) is { } wrong)
        {
            return wrong;
        }

        if (body.Headers is null && Elsewhere(tool, body.Url ?? tool.Definition.Url) is { } elsewhere)
        {
            return elsewhere;
        }

        var changed = Apply(tool.Definition, body);
        if (!SameVersion(changed, tool.Definition) && tool.State is ToolState.Changed)
        {
            return new ToolRefusal(409, "tool_changed", $"Tool \"{name}\" waits for approval of version {tool.Latest}; approve it first with POST /api/v1/tools/{name}/approve, then change it.", null);
        }

        var update = new ToolUpdate(name, tool.Latest)
        {
            Definition = SameVersion(changed, tool.Definition) ? null : changed,
            Approved = true,
            State = SameVersion(changed, tool.Definition) || tool.State != ToolState.Gone ? null : ToolState.Gone,
            Enabled = body.Enabled,
            Credentials = body.Headers is { } headers ? await credentials.SealAsync(caller.Tenant, name, headers, cancellation).ConfigureAwait(false) : null,
        };
        var write = await store.ChangeAsync(caller.Tenant, [update], [], options.Value.MaxPerTenant, caller.KeyName, cancellation).ConfigureAwait(false);
        if (write.Status != ToolWriteStatus.Done)
        {
            return Of(write, name);
        }

        LogChanged(name, caller.KeyName);
        return await ShowAsync(caller, name, ImportChanges.None, cancellation).ConfigureAwait(false);
    }

    /// <summary>Lets a version be called.</summary>
    public async Task<RegistryOutcome> ApproveAsync(Caller caller, string name, int version, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (await FindAsync(caller, name, cancellation).ConfigureAwait(false) is not { } tool)
        {
            return Missing(name);
        }

        if (version < 1 || version > tool.Latest)
        {
            return new ToolRefusal(404, "version_not_found", $"Tool \"{name}\" has no version {version}; its versions are 1 to {tool.Latest}.", "version");
        }

        if (tool.Definition.Source is not null && version != tool.Latest)
        {
            return new ToolRefusal(409, "version_replaced", $"The server of \"{name}\" offers version {tool.Latest} now; an older one cannot be called. Approve version {tool.Latest}, or turn the tool off.", "version");
        }

        if (await VersionAsync(caller.Tenant, name, version, cancellation).ConfigureAwait(false) is { } chosen && Elsewhere(tool, chosen.Definition.Url) is { } elsewhere)
        {
            return elsewhere;
        }

        await store.ApproveAsync(caller.Tenant, name, version, caller.KeyName, cancellation).ConfigureAwait(false);
        LogApproved(version, name, caller.KeyName);
        return await ShowAsync(caller, name, ImportChanges.None, cancellation).ConfigureAwait(false);
    }

    /// <summary>Reads a server or document anew.</summary>
    public async Task<RegistryOutcome> RefreshAsync(Caller caller, string name, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (await FindAsync(caller, name, cancellation).ConfigureAwait(false) is not { } tool)
        {
            return Missing(name);
        }

        if (tool.Definition.Origin is null)
        {
            return new ToolRefusal(400, "nothing_to_read", tool.Definition.Source is { } source
                ? $"Tool \"{name}\" came of \"{source}\"; POST /api/v1/tools/{source}/refresh reads that anew."
                : $"Tool \"{name}\" is described by you and not by a server; PATCH /api/v1/tools/{name} changes it.", null);
        }

        var (changes, failure) = await imports.RefreshAsync(caller.Tenant, tool.Definition, caller.KeyName, cancellation).ConfigureAwait(false);
        return failure is not null ? failure : await ShowAsync(caller, name, changes!, cancellation).ConfigureAwait(false);
    }

    /// <summary>Removes a tool; a server or document with its tools. Null when it is done.</summary>
    public async Task<ToolRefusal?> DeleteAsync(Caller caller, string name, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (!ToolRules.IsToolName(name) || !await store.DeleteAsync(caller.Tenant, name, cancellation).ConfigureAwait(false))
        {
            return Missing(name);
        }

        breakers.Forget(ToolCaller.Key(caller.Tenant, name));
        LogDeleted(name, caller.KeyName);
        return null;
    }

    /// <summary>The tool, or null.</summary>
    public async Task<ToolRecord?> FindAsync(Caller caller, string name, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return ToolRules.IsToolName(name) && await store.FindAsync(caller.Tenant, [name], cancellation).ConfigureAwait(false) is [var tool] ? tool : null;
    }

    /// <summary>Also the answer to another tenant's tool.</summary>
    public static ToolRefusal Missing(string name) => new(404, "tool_not_found", $"There is no tool \"{name}\"; GET /api/v1/tools lists those there are.", "name");

    private async Task<RegistryOutcome> ShowAsync(Caller caller, string name, ImportChanges changes, CancellationToken cancellation)
    {
        if (await FindAsync(caller, name, cancellation).ConfigureAwait(false) is not { } tool)
        {
            // Removed between the two.
            return Missing(name);
        }

        var of = tool.Definition.Origin is null ? [] : await store.OfSourceAsync(caller.Tenant, name, cancellation).ConfigureAwait(false);
        return new RegistryOutcome(new ShownTool(tool, [.. of.Select(static each => each.Definition.Name)], changes), null);
    }

    private async Task<ToolVersion?> VersionAsync(string tenant, string name, int version, CancellationToken cancellation) =>
        await store.VersionsAsync(tenant, name, version + 1, 1, cancellation).ConfigureAwait(false) is [var found] && found.Version == version ? found : null;

    /// <summary>Whoever may change a tool need not know its credentials, and must not learn them by sending them to a host of their own.</summary>
    private static ToolRefusal? Elsewhere(ToolRecord tool, string url) =>
        tool.Headers.Count > 0 && Uri.Compare(new Uri(url), new Uri(tool.Definition.Url), UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) != 0
            ? new ToolRefusal(409, "credentials_would_move", $"The credentials of \"{tool.Definition.Name}\" were given for {new Uri(tool.Definition.Url).GetLeftPart(UriPartial.Authority)}; give \"headers\" again with the new \"url\", or an empty object to send none.", "headers")
            : null;

    private static ToolDefinition Define(CreateTool body)
    {
        var effect = body.Effect ?? ToolEffect.Once;
        return new ToolDefinition(body.Name, body.Kind, null, body.Description ?? "", body.Url, effect, body.Reach ?? ToolImports.Reach(effect), body.Kind == ToolKind.Http ? body.Schema ?? AnyArguments : null)
        {
            TimeoutSeconds = body.TimeoutSeconds ?? 30,
            MaxConcurrency = body.MaxConcurrency ?? 8,
            MaxResultChars = body.MaxResultChars ?? 16_000,
            Origin = body.Kind == ToolKind.Http ? null : new ToolOrigin(body.Effect, body.Reach, body.BaseUrl, body.Operations, body.Document),
        };
    }

    private static ToolDefinition Apply(ToolDefinition tool, ChangeTool body) => tool with
    {
        Url = body.Url ?? tool.Url,
        Effect = body.Effect ?? tool.Effect,
        Schema = body.Schema ?? tool.Schema,
        Description = body.Description ?? tool.Description,
        Reach = body.Reach ?? (body.Effect is { } effect && effect != tool.Effect && tool.Reach.SequenceEqual(ToolImports.Reach(tool.Effect)) ? ToolImports.Reach(effect) : tool.Reach),
        TimeoutSeconds = body.TimeoutSeconds ?? tool.TimeoutSeconds,
        MaxConcurrency = body.MaxConcurrency ?? tool.MaxConcurrency,
        MaxResultChars = body.MaxResultChars ?? tool.MaxResultChars,
    };

    private static bool SameVersion(ToolDefinition one, ToolDefinition other) =>
        one.Hash() == other.Hash() && one.Effect == other.Effect && one.Reach.SequenceEqual(other.Reach)
        && (one.TimeoutSeconds, one.MaxConcurrency, one.MaxResultChars) == (other.TimeoutSeconds, other.MaxConcurrency, other.MaxResultChars);

    private ToolRefusal Of(ToolWrite write, string name) => write.Status switch
    {
        ToolWriteStatus.Taken => new ToolRefusal(409, "tool_exists", $"There is a tool \"{write.Name}\" already; PATCH /api/v1/tools/{write.Name} changes it, or choose another name.", "name"),
        ToolWriteStatus.TooMany => new ToolRefusal(409, "too_many_tools", $"The tenant may have {options.Value.MaxPerTenant} tools (Tools:MaxPerTenant), those of servers and documents included; remove some, or name fewer in \"operations\".", null),
        ToolWriteStatus.Conflict => new ToolRefusal(409, "tool_changed", $"Somebody else changed tool \"{write.Name}\" at the same time; look at it and repeat the change.", null),
        _ => Missing(name),
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "Tool {Tool} of kind {Kind} was registered with {Count} tools of its own, with key {Key}.")]
    private partial void LogRegistered(string tool, ToolKind kind, int count, string key);

    [LoggerMessage(Level = LogLevel.Information, Message = "Tool {Tool} was changed with key {Key}.")]
    private partial void LogChanged(string tool, string key);

    [LoggerMessage(Level = LogLevel.Information, Message = "Version {Version} of tool {Tool} was approved with key {Key}.")]
    private partial void LogApproved(int version, string tool, string key);

    [LoggerMessage(Level = LogLevel.Information, Message = "Tool {Tool} was removed with key {Key}.")]
    private partial void LogDeleted(string tool, string key);
}

/// <summary>A tool as it stands after a request, with the names of the tools that came of it.</summary>
public sealed record ShownTool(ToolRecord Tool, IReadOnlyList<string> Tools, ImportChanges Changes);

/// <summary>Either a tool, or why there is none.</summary>
public sealed record RegistryOutcome(ShownTool? Tool, ToolRefusal? Failure)
{
    public static implicit operator RegistryOutcome(ToolRefusal failure) => new(null, failure);
}
