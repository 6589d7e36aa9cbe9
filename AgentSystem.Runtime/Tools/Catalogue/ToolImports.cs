using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Tools.Calls;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Tools.Catalogue;

/// <summary>
/// Reads servers and documents, and compares what they offer with what was approved. A tool that is described differently than the approved version, or is new, is kept as a version nobody calls until a
/// person approved it; one that is as it was again is active again.
/// </summary>
public sealed partial class ToolImports(
    IEnumerable<IToolImporter> importers, IToolStore store, ToolCredentials credentials, IOptions<ToolsOptions> options, TimeProvider time, ILogger<ToolImports> log)
{
    private readonly IReadOnlyList<IToolImporter> importers = [.. importers];

    /// <summary>What a tool touches that does not say: what comes back was written by others; what only reads may read what is private, the rest changes something.</summary>
    public static IReadOnlyList<ToolReach> Reach(ToolEffect effect) => effect == ToolEffect.Read ? [ToolReach.Untrusted, ToolReach.Private] : [ToolReach.Untrusted, ToolReach.Change];

    /// <summary>What a server or document offers now, or why that is not known.</summary>
    public async Task<(ImportedTools? Tools, ToolRefusal? Failure)> ReadAsync(string tenant, ToolDefinition source, IReadOnlyDictionary<string, string> headers, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        using var deadline = new CancellationTokenSource(options.Value.ReadWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            return (await importers.First(importer => importer.Kind == source.Kind).ReadAsync(new ImportSource(tenant, source, headers), either.Token).ConfigureAwait(false), null);
        }
        catch (ToolImportException e)
        {
            return (null, e.Status == 400 ? new ToolRefusal(400, "import_refused", e.Message, source.Origin?.Document is null ? "url" : "document") : new ToolRefusal(e.Status, "import_failed", e.Message, "url"));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, new ToolRefusal(504, "import_failed", $"\"{source.Name}\" did not say what it offers within {options.Value.ReadWithin.TotalSeconds:0} s; try again later.", "url"));
        }
    }

    /// <summary>Reads a server or document anew and keeps what changed.</summary>
    public async Task<(ImportChanges? Changes, ToolRefusal? Failure)> RefreshAsync(string tenant, ToolDefinition source, string by, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        var (imported, failure) = await ReadAsync(tenant, source, await credentials.OfAsync(tenant, source, cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false);
        return failure is not null ? (null, failure) : (await KeepAsync(tenant, source, imported!, by, cancellation).ConfigureAwait(false), null);
    }

    /// <summary>Keeps what a server or document offers now.</summary>
    internal async Task<ImportChanges> KeepAsync(string tenant, ToolDefinition source, ImportedTools imported, string by, CancellationToken cancellation)
    {
        var kept = await store.OfSourceAsync(tenant, source.Name, cancellation).ConfigureAwait(false);
        var now = Define(source, imported, kept).ToDictionary(static tool => tool.Name, StringComparer.Ordinal);
        var (updates, changed, gone) = (new List<ToolUpdate>(), new List<string>(), new List<string>());
        foreach (var tool in kept)
        {
            var name = tool.Definition.Name;
            if (!now.Remove(name, out var offered))
            {
                gone.Add(name);
                updates.Add(new ToolUpdate(name, tool.Latest) { State = ToolState.Gone });
                continue;
            }

            if (Compare(tool, offered) is { } update)
            {
                updates.Add(update);
            }

            if (offered.Hash() != tool.ActiveHash)
            {
                changed.Add(name);
            }
        }

        List<NewTool> added = [.. now.Values.Select(static tool => new NewTool(tool, Approved: false))];
        if (updates.Count > 0 || added.Count > 0)
        {
            var write = await store.ChangeAsync(tenant, updates, added, options.Value.MaxPerTenant, by, cancellation).ConfigureAwait(false);
            if (write.Status is ToolWriteStatus.TooMany or ToolWriteStatus.Taken)
            {
                // What is known already is brought up to date all the same: that a tool changed must not go unnoticed because another has no room.
                LogNoRoom(source.Name, added.Count);
                added = [];
                write = await store.ChangeAsync(tenant, updates, added, options.Value.MaxPerTenant, by, cancellation).ConfigureAwait(false);
            }

            LogRead(source.Name, added.Count, changed.Count, gone.Count, write.Status);
        }

        return new ImportChanges([.. added.Select(static tool => tool.Definition.Name)], changed, gone, imported.Skipped);
    }

    /// <summary>The tools of a server or document under the names they have here.</summary>
    internal static IReadOnlyList<ToolDefinition> Define(ToolDefinition source, ImportedTools? imported, IReadOnlyList<ToolRecord> kept)
    {
        if (imported is null)
        {
            return [];
        }

        var known = kept.Where(static tool => tool.Definition.RemoteName is not null).ToDictionary(static tool => tool.Definition.RemoteName!, StringComparer.Ordinal);
        var names = ToolNames.Give(source.Name, imported.Tools.Select(static tool => tool.RemoteName), known.ToDictionary(static each => each.Key, static each => each.Value.Definition.Name, StringComparer.Ordinal));
        return [.. imported.Tools.Select(tool => Define(source, tool, names[tool.RemoteName], known.GetValueOrDefault(tool.RemoteName)?.Definition))];
    }

    /// <summary>What a person decided about a tool (effect, reach, limits) stays, whatever its server says.</summary>
    private static ToolDefinition Define(ToolDefinition source, ImportedTool tool, string name, ToolDefinition? kept)
    {
        var effect = kept?.Effect ?? source.Origin!.Effect ?? tool.Effect ?? ToolEffect.Once;
        return new ToolDefinition(name, source.Kind, source.Name, tool.Description, tool.Url, effect, kept?.Reach ?? source.Origin!.Reach ?? Reach(effect), tool.Schema)
        {
            TimeoutSeconds = kept?.TimeoutSeconds ?? source.TimeoutSeconds,
            MaxConcurrency = kept?.MaxConcurrency ?? source.MaxConcurrency,
            MaxResultChars = kept?.MaxResultChars ?? source.MaxResultChars,
            RemoteName = tool.RemoteName,
            Operation = tool.Operation,
        };
    }

    private static ToolUpdate? Compare(ToolRecord tool, ToolDefinition offered)
    {
        var (name, hash) = (tool.Definition.Name, offered.Hash());
        if (hash == tool.ActiveHash)
        {
            return tool.State != ToolState.Active ? new ToolUpdate(name, tool.Latest) { State = ToolState.Active } : null;
        }

        return hash == tool.LatestHash
            ? new ToolUpdate(name, tool.Latest) { State = ToolState.Changed }
            : new ToolUpdate(name, tool.Latest) { Definition = offered, Approved = false };
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Tools of {Source} were read: {Added} new, {Changed} changed and waiting for approval, {Gone} gone ({Status}).")]
    private partial void LogRead(string source, int added, int changed, int gone, ToolWriteStatus status);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} new tools of {Source} could not be taken up: Tools:MaxPerTenant is reached, or a name is taken.")]
    private partial void LogNoRoom(string source, int count);
}

/// <summary>What reading a server or document brought: names of its tools here.</summary>
public sealed record ImportChanges(IReadOnlyList<string> Added, IReadOnlyList<string> Changed, IReadOnlyList<string> Gone, IReadOnlyList<SkippedTool> Skipped)
{
    /// <summary>Nothing.</summary>
    public static ImportChanges None { get; } = new([], [], [], []);
}
