using AgentSystem.Contracts.Webhooks;
using AgentSystem.Runtime.State.Postgres;
using Npgsql;

namespace AgentSystem.Runtime.Webhooks.Postgres;

/// <summary>Webhooks in Postgres, a row each.</summary>
internal sealed class PostgresWebhookStore(RuntimeDatabase database) : IWebhookStore
{
    private const string Columns = "id, url, events, description, disabled_reason, created_at";
    private const string Mine = "tenant_id = $1 AND id = $2 AND ($3::text IS NULL OR user_name = $3)";

    public async Task<WebhookView?> AddAsync(NewWebhook webhook, int most, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(webhook.Tenant, cancellation);
        // One after the other, so that two at once cannot both be the last that fits.
        await using var alone = session.Command("SELECT pg_advisory_xact_lock(hashtextextended('agentsystem.webhooks ' || $1, 0))", webhook.Tenant);
        await alone.ExecuteNonQueryAsync(cancellation);
        await using var insert = session.Command(
            $"""
            INSERT INTO agentsystem.webhooks (tenant_id, id, user_name, url, events, description, created_at, secret)
            SELECT $1, $2, $3, $4, $5, $6, $7, $9 WHERE (SELECT count(*) FROM agentsystem.webhooks WHERE tenant_id = $1) < $8
            RETURNING {Columns}
            """,
            webhook.Tenant, webhook.Id, WebhookRows.Text(webhook.User), webhook.Url, webhook.Events, WebhookRows.Text(webhook.Description), webhook.At, most, webhook.Secret);
        var added = await OneAsync(insert, cancellation);
        await session.CommitAsync(cancellation);
        return added;
    }

    public async Task<WebhookView?> FindAsync(WebhookScope scope, string id, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        return await FindAsync(session, scope, id, cancellation);
    }

    public async Task<IReadOnlyList<WebhookView>> ListAsync(WebhookScope scope, string? after, int limit, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        // Ids are made of the time: their order is that of their making.
        await using var select = session.Command(
            $"SELECT {Columns} FROM agentsystem.webhooks WHERE tenant_id = $1 AND ($2::text IS NULL OR user_name = $2) AND ($3::text IS NULL OR id < $3) ORDER BY id DESC LIMIT $4",
            scope.Tenant, WebhookRows.Text(scope.User), WebhookRows.Text(after), limit);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var webhooks = new List<WebhookView>();
        while (await reader.ReadAsync(cancellation))
        {
            webhooks.Add(Read(reader));
        }

        return webhooks;
    }

    public async Task<bool> DeleteAsync(WebhookScope scope, string id, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        await using var delete = session.Command($"DELETE FROM agentsystem.webhooks WHERE {Mine}", scope.Tenant, id, WebhookRows.Text(scope.User));
        var found = await delete.ExecuteNonQueryAsync(cancellation) > 0;
        await session.CommitAsync(cancellation);
        return found;
    }

    public async Task<RotatedWebhook?> RotateAsync(WebhookScope scope, string id, byte[] secret, DateTimeOffset at, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        await using var update = session.Command(
            $"UPDATE agentsystem.webhooks SET secret_version = secret_version + 1, rotated_at = $4, secret_before = secret, secret = $5 WHERE {Mine} RETURNING {Columns}, secret_version", scope.Tenant, id, WebhookRows.Text(scope.User), at, secret);
        RotatedWebhook? rotated = null;
        await using (var reader = await update.ExecuteReaderAsync(cancellation))
        {
            rotated = await reader.ReadAsync(cancellation) ? new RotatedWebhook(Read(reader), reader.GetInt32(6)) : null;
        }

        await session.CommitAsync(cancellation);
        return rotated;
    }

    public async Task<WebhookView?> EnableAsync(WebhookScope scope, string id, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        await using var update = session.Command($"UPDATE agentsystem.webhooks SET disabled_reason = NULL WHERE {Mine} RETURNING {Columns}", scope.Tenant, id, WebhookRows.Text(scope.User));
        var enabled = await OneAsync(update, cancellation);
        await session.CommitAsync(cancellation);
        return enabled;
    }

    public async Task<IReadOnlyList<WebhookDelivery>?> DeliveriesAsync(WebhookScope scope, string id, string? after, int limit, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        if (await FindAsync(session, scope, id, cancellation) is null)
        {
            return null;
        }

        await using var select = session.Command(
            $"""
            SELECT {WebhookRows.DeliveryColumns} FROM agentsystem.webhook_deliveries AS delivery
            WHERE tenant_id = $1 AND webhook_id = $2
              AND ($3::text IS NULL OR (created_at, id) < (SELECT last.created_at, last.id FROM agentsystem.webhook_deliveries AS last WHERE last.tenant_id = $1 AND last.id = $3))
            ORDER BY created_at DESC, id DESC LIMIT $4
            """,
            scope.Tenant, id, WebhookRows.Text(after), limit);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var deliveries = new List<WebhookDelivery>();
        while (await reader.ReadAsync(cancellation))
        {
            deliveries.Add(WebhookRows.Delivery(reader));
        }

        return deliveries;
    }

    private static async Task<WebhookView?> FindAsync(TenantSession session, WebhookScope scope, string id, CancellationToken cancellation)
    {
        await using var select = session.Command($"SELECT {Columns} FROM agentsystem.webhooks WHERE {Mine}", scope.Tenant, id, WebhookRows.Text(scope.User));
        return await OneAsync(select, cancellation);
    }

    private static async Task<WebhookView?> OneAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? Read(reader) : null;
    }

    private static WebhookView Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetFieldValue<string[]>(2), WebhookRows.Nullable(row, 3), WebhookRows.Nullable(row, 4), row.GetFieldValue<DateTimeOffset>(5));
}
