using System.Text.Json;
using AgentSystem.Contracts.Memory;
using AgentSystem.Runtime.Memory.Graph;
using AgentSystem.Runtime.State.Postgres;
using Npgsql;

namespace AgentSystem.Runtime.Memory.Postgres;

/// <summary>Changes and forgets memories. The version before a change stays in the history; what is forgotten stays nowhere.</summary>
internal sealed class MemoryChanger(RuntimeDatabase database, IMemoryEmbedding embedding, IMemoryIndex index, TimeProvider time)
{
    /// <summary>Largest metadata, in characters of JSON.</summary>
    public const int MaxMetadata = 16_384;

    private static MemoryRefusal NotFound { get; } = new(404, "memory_not_found", "There is no memory with this id.", "id");

    public async Task<MemoryVerdict> ChangeAsync(MemoryReach reach, string id, MemoryChange change, long? expected, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(reach.Tenant, cancellation);
        if (await FindAsync(session, reach, id, cancellation) is not { } found)
        {
            return new MemoryVerdict(null, NotFound);
        }

        if (expected is { } version && version != found.View.Version)
        {
            return new MemoryVerdict(null, new MemoryRefusal(412, "version_mismatch", $"The memory is at version {found.View.Version}; read it again and decide anew.", "If-Match", found.View.Version));
        }

        if (Apply(found.View, change) is { Refusal: { } refusal })
        {
            return new MemoryVerdict(null, refusal);
        }

        var (changed, given) = (Apply(found.View, change).Done!, change.Entities);
        if (changed.Text != found.View.Text && await IsTakenAsync(session, found.Scope, changed, cancellation))
        {
            return new MemoryVerdict(null, new MemoryRefusal(409, "memory_exists", "There is a memory with this text and of this kind already; change that one, or forget it first.", "text"));
        }

        var now = MemoryWriter.InMicroseconds(time.GetUtcNow());
        await MemoryParts.KeepHistoryAsync(session, reach.Tenant, id, past: false, now, cancellation);
        await WriteAsync(session, reach.Tenant, id, changed, now, cancellation);
        await WritePartsAsync(session, found.Scope, found.View, changed, given is not null && change.Strategy == MemoryStrategy.Replace, cancellation);
        var view = (await FindAsync(session, reach, id, cancellation))!.Value.View;
        await session.CommitAsync(cancellation);
        return new MemoryVerdict(view, null);
    }

    public async Task<bool> ForgetAsync(MemoryReach reach, string id, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(reach.Tenant, cancellation);
        if (await FindAsync(session, reach, id, cancellation) is not { View.Forgotten: false } found)
        {
            return false;
        }

        await using var forget = session.Command(
            """
            WITH things AS (DELETE FROM agentsystem.memory_entities WHERE tenant_id = $1 AND memory_id = $2),
                edges AS (DELETE FROM agentsystem.memory_edges WHERE tenant_id = $1 AND memory_id = $2),
                history AS (DELETE FROM agentsystem.memory_history WHERE tenant_id = $1 AND memory_id = $2),
                waiting AS (DELETE FROM agentsystem.memory_outbox WHERE tenant_id = $1 AND memory_id = $2)
            UPDATE agentsystem.memories SET text = '', text_hash = sha256(convert_to(id, 'UTF8')), vector = NULL, subject = NULL, metadata = '{}', words = NULL, forgotten_at = $3, version = version + 1
            WHERE tenant_id = $1 AND id = $2
            """,
            reach.Tenant, id, time.GetUtcNow());
        await forget.ExecuteNonQueryAsync(cancellation);
        await session.CommitAsync(cancellation);
        await index.ForgetAsync(found.Scope, id, cancellation);
        return true;
    }

    /// <summary>What a change makes of a memory, or why it cannot be made.</summary>
    internal static MemoryVerdict Apply(MemoryView view, MemoryChange change)
    {
        if (view.Forgotten)
        {
            return new MemoryVerdict(null, NotFound);
        }

        if (change is { Strategy: MemoryStrategy.Merge, Text: not null })
        {
            return Refuse("text_not_mergeable", "A text cannot be merged; send it with the strategy replace or append.", "text");
        }

        var text = change switch { { Text: null } => view.Text, { Strategy: MemoryStrategy.Append } => $"{view.Text} {change.Text}", _ => change.Text };
        if (MemoryLimits.Problem(text) is { } problem)
        {
            return Refuse("invalid_text", $"The text {problem} after this change.", "text");
        }

        var (from, to) = (change.ValidFrom ?? view.ValidFrom, change.Reopen ? change.ValidTo : change.ValidTo ?? view.ValidTo);
        if (to <= from)
        {
            return Refuse("invalid_interval", "\"valid_to\" must lie after \"valid_from\".", "valid_to");
        }

        var (metadata, misfit) = Metadata(view.Metadata, change);
        if (misfit is not null)
        {
            return Refuse("metadata_not_appendable", $"\"metadata.{misfit}\" is not a list on both sides; use the strategy merge or replace.", "metadata");
        }

        if (MemoryNames.Json(metadata).Length > MaxMetadata)
        {
            return Refuse("metadata_too_large", $"\"metadata\" would have more than {MaxMetadata:N0} characters of JSON.", "metadata");
        }

        var entities = change switch
        {
            { Entities: null } => view.Entities,
            { Strategy: MemoryStrategy.Replace } => change.Entities,
            _ => [.. view.Entities.Concat(change.Entities).DistinctBy(static entity => EntityExtractor.Fold(entity.Name), StringComparer.Ordinal)],
        };
        return new MemoryVerdict(view with { Text = text, ValidFrom = from, ValidTo = to, Metadata = metadata, Entities = entities, SupersededBy = change.Reopen ? null : view.SupersededBy }, null);

        static MemoryVerdict Refuse(string code, string message, string field) => new(null, new MemoryRefusal(422, code, message, field));
    }

    private static (IReadOnlyDictionary<string, JsonElement> Metadata, string? Misfit) Metadata(IReadOnlyDictionary<string, JsonElement> before, MemoryChange change)
    {
        if (change.Metadata is not { } given || change.Strategy == MemoryStrategy.Replace)
        {
            return (change.Metadata ?? before, null);
        }

        var after = new Dictionary<string, JsonElement>(before, StringComparer.Ordinal);
        foreach (var (name, value) in given)
        {
            if (change.Strategy == MemoryStrategy.Merge)
            {
                after[name] = before.TryGetValue(name, out var there) ? Merged(there, value) : value;
            }
            else if (value.ValueKind == JsonValueKind.Array && (!before.TryGetValue(name, out var list) || list.ValueKind == JsonValueKind.Array))
            {
                after[name] = JsonSerializer.SerializeToElement((before.TryGetValue(name, out var items) ? items.EnumerateArray() : []).Concat(value.EnumerateArray()));
            }
            else
            {
                return (after, name);
            }
        }

        return (after, null);
    }

    /// <summary>Members of an object go into the object that is there, objects within objects likewise; anything else takes the place of what was there.</summary>
    private static JsonElement Merged(JsonElement there, JsonElement value)
    {
        if (there.ValueKind != JsonValueKind.Object || value.ValueKind != JsonValueKind.Object)
        {
            return value;
        }

        var members = there.EnumerateObject().ToDictionary(static member => member.Name, static member => member.Value, StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            members[member.Name] = members.TryGetValue(member.Name, out var inner) ? Merged(inner, member.Value) : member.Value;
        }

        return JsonSerializer.SerializeToElement(members);
    }

    private async Task<(MemoryView View, MemoryScope Scope)?> FindAsync(TenantSession session, MemoryReach reach, string id, CancellationToken cancellation)
    {
        await using (var turn = session.Command($"SELECT m.id FROM agentsystem.memories AS m WHERE {MemoryRows.InReach} AND m.id = $4 FOR UPDATE", reach.Tenant, reach.User, Agents(reach), id))
        {
            if (await turn.ExecuteScalarAsync(cancellation) is null)
            {
                return null;
            }
        }

        await using var find = session.Command($"SELECT {MemoryRows.Columns("$3")}, m.user_name FROM agentsystem.memories AS m WHERE m.tenant_id = $1 AND m.id = $2", reach.Tenant, id, embedding.Id);
        await using var row = await find.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? (MemoryRows.Read(row), new MemoryScope(reach.Tenant, row.GetString(21), row.GetString(1))) : null;
    }

    /// <summary>The agents of a reach as a parameter.</summary>
    internal static NpgsqlParameter Agents(MemoryReach reach) =>
        new() { Value = (object?)reach.Agents?.ToArray() ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Text };

    private static async Task<bool> IsTakenAsync(TenantSession session, MemoryScope scope, MemoryView view, CancellationToken cancellation)
    {
        await using var look = session.Command(
            """
            SELECT EXISTS (SELECT FROM agentsystem.memories WHERE tenant_id = $1 AND user_name = $2 AND agent = $3 AND kind = $4 AND coalesce(thread_id, '') = coalesce($5, '')
                AND text_hash = $6 AND forgotten_at IS NULL AND id <> $7)
            """,
            scope.Tenant, scope.User, scope.Agent, MemoryNames.Word(view.Kind), view.ThreadId, MemoryWriter.Hash(view.Text), view.Id);
        return (bool)(await look.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task WriteAsync(TenantSession session, string tenant, string id, MemoryView changed, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var update = session.Command(
            """
            UPDATE agentsystem.memories SET text = $3, text_hash = $4, valid_from = $5, valid_to = $6, metadata = $7::jsonb, words = array_to_tsvector($8), subject = $9, recorded_at = $10,
                version = version + 1, superseded_by = $11, superseded_at = CASE WHEN $11::text IS NULL THEN NULL ELSE superseded_at END, vector = NULL
            WHERE tenant_id = $1 AND id = $2
            """,
            tenant, id, changed.Text, MemoryWriter.Hash(changed.Text), changed.ValidFrom, changed.ValidTo, MemoryNames.Json(changed.Metadata), MemoryParts.Words(changed.Text),
            changed.Kind == MemoryKind.Semantic ? StatementSubject.Of(changed.Text) : null, now, changed.SupersededBy);
        await update.ExecuteNonQueryAsync(cancellation);
    }

    private async Task WritePartsAsync(TenantSession session, MemoryScope scope, MemoryView before, MemoryView changed, bool onlyGiven, CancellationToken cancellation)
    {
        // A text that changed names other things; those that were named before and are not found in it any more were given, or are gone with the old text.
        var old = EntityExtractor.In(before.Text).Select(static entity => EntityExtractor.Fold(entity.Name)).ToHashSet(StringComparer.Ordinal);
        var kept = onlyGiven || changed.Text == before.Text ? changed.Entities : [.. changed.Entities.Where(entity => !old.Contains(EntityExtractor.Fold(entity.Name)))];
        await MemoryParts.WriteGraphAsync(session, scope, changed.Id, MemoryParts.Entities(changed.Text, kept, changed.Relations), null, cancellation);
        if (!changed.Kind.IsEmbedded())
        {
            return;
        }

        if (embedding.Immediate)
        {
            var vector = (await embedding.EmbedAsync(scope.Tenant, [changed.Text], cancellation))[0];
            await MemoryParts.WriteVectorAsync(session, new IndexedVector(scope, changed.Id, before.Version + 1, embedding.Id, vector), cancellation);
        }

        await MemoryParts.QueueAsync(session, scope.Tenant, changed.Id, before.Version + 1, cancellation);
    }
}
