using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json.Serialization;
using AgentSystem.Contracts.Facts;
using AgentSystem.Contracts.Usage;
using AgentSystem.Runtime.State.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace AgentSystem.Runtime.Runs.Postgres;

/// <summary>Facts as rows, and back.</summary>
internal static class FactRows
{
    private static readonly FrozenDictionary<Type, string> Kinds = typeof(Fact).GetCustomAttributes<JsonDerivedTypeAttribute>()
        .ToFrozenDictionary(derived => derived.DerivedType, derived => (string)derived.TypeDiscriminator!);

    /// <summary>The kind of rows that hold a request's usage.</summary>
    public static string RequestServed => Kinds[typeof(RequestServed)];

    /// <summary>One statement for a whole batch; a row that is already there (the answer to an earlier attempt was lost) is passed over.</summary>
    public static NpgsqlCommand Insert(TenantSession session, IReadOnlyList<QueuedFact> batch) => session.Command(
        """
        INSERT INTO agentsystem.facts (tenant_id, at, id, kind, request_id, body)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
        """,
        Column(batch, fact => fact.Fact.Tenant, NpgsqlDbType.Text),
        Column(batch, fact => fact.Fact.At.ToUniversalTime(), NpgsqlDbType.TimestampTz),
        Column(batch, fact => fact.Id, NpgsqlDbType.Uuid),
        Column(batch, fact => Kinds[fact.Fact.GetType()], NpgsqlDbType.Text),
        Column(batch, fact => fact.Usage?.RequestId, NpgsqlDbType.Text),
        Column(batch, fact => StoredJson.Write(fact.Fact), NpgsqlDbType.Jsonb));

    public static RequestUsage Usage(string json) => ((RequestServed)StoredJson.Read<Fact>(json)).Usage;

    private static NpgsqlParameter Column<T>(IReadOnlyList<QueuedFact> batch, Func<QueuedFact, T> value, NpgsqlDbType type) =>
        new() { Value = batch.Select(value).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };
}
