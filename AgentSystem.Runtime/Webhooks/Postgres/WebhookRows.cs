using AgentSystem.Contracts.Webhooks;
using AgentSystem.Runtime.Security.Sealing;
using Npgsql;
using NpgsqlTypes;

namespace AgentSystem.Runtime.Webhooks.Postgres;

/// <summary>Reads rows of deliveries, and gives parameters that may be null their type.</summary>
internal static class WebhookRows
{
    public const string DeliveryColumns = "id, webhook_id, run_id, event, url, state, attempts, due_at, last_status, last_error, created_at, finished_at";

    /// <summary>For rotations of data keys.</summary>
    public static SealedColumn Secret { get; } = new("agentsystem.webhooks", "secret", WebhookSecrets.Purpose, "id", SealedType.Bytes);

    /// <summary>The same of the secret before.</summary>
    public static SealedColumn SecretBefore { get; } = Secret with { Column = "secret_before" };

    public static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    public static NpgsqlParameter Number(int? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer };

    public static NpgsqlParameter Moment(DateTimeOffset? value) => new() { Value = (object?)value?.ToUniversalTime() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };

    public static string? Nullable(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static WebhookDelivery Delivery(NpgsqlDataReader row)
    {
        var state = row.GetString(5);
        return new WebhookDelivery(
            row.GetString(0), Nullable(row, 1), row.GetString(2), row.GetString(3), row.GetString(4), state, row.GetInt32(6),
            state == "pending" ? row.GetFieldValue<DateTimeOffset>(7) : null,
            row.IsDBNull(8) ? null : row.GetInt32(8), Nullable(row, 9), row.GetFieldValue<DateTimeOffset>(10), row.IsDBNull(11) ? null : row.GetFieldValue<DateTimeOffset>(11));
    }
}
