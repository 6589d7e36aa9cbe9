using System.Text.Json;
using AgentSystem.Contracts.Usage;
using AgentSystem.Runtime.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Caching;

/// <summary>The policy of the exact cache: which answers may be kept, for how long, and how they are written.</summary>
public sealed partial class AnswerCache(IAnswerCache store, ToolCatalog tools, IOptions<CachingOptions> options, ILogger<AnswerCache> log)
{
    /// <summary>The answer kept under a key, or null.</summary>
    public async ValueTask<CachedAnswer?> FindAsync(string key, CancellationToken cancellation)
    {
        if (!options.Value.Enabled || await store.GetAsync(key, cancellation).ConfigureAwait(false) is not { } bytes)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<CachedAnswer>(bytes);
        }
        catch (JsonException e)
        {
            // Written by another version of ours: a miss, and soon overwritten.
            LogUnreadable(e);
            return null;
        }
    }

    /// <summary>Keeps an answer unless it must not be kept: it called a tool of the client, was cut off, or used any tool that is not declared cacheable.</summary>
    public async ValueTask KeepAsync(string key, ChatResponse answer, IReadOnlyList<ToolUse> used, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(answer);
        if (!options.Value.Enabled || answer.FinishReason == ChatFinishReason.Length || answer.Messages.Any(m => m.Contents.OfType<FunctionCallContent>().Any()))
        {
            return;
        }

        if (!used.All(use => tools.TryGet(use.Name, out var tool) && tool.Cacheable))
        {
            return;
        }

        var bytes = JsonSerializer.SerializeToUtf8Bytes(new CachedAnswer(answer.Text, used));
        if (bytes.Length <= options.Value.MaxEntryBytes)
        {
            await store.SetAsync(key, bytes, options.Value.Lifetime, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Forgets every answer of a tenant; how many there were, or null when the store does not answer.</summary>
    public ValueTask<long?> ClearAsync(string tenant, CancellationToken cancellation) => store.ClearAsync(CacheKey.Prefix(tenant), cancellation);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A cached answer could not be read and counts as a miss")]
    private partial void LogUnreadable(Exception exception);
}

/// <summary>An answer as the cache keeps it.</summary>
/// <param name="Text">The whole answer.</param>
/// <param name="Tools">The tools it used when it was made.</param>
public sealed record CachedAnswer(string Text, IReadOnlyList<ToolUse> Tools);
