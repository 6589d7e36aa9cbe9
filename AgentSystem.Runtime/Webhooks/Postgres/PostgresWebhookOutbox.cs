using AgentSystem.Contracts.DeadLetters;
using AgentSystem.Runtime.State.Postgres;

namespace AgentSystem.Runtime.Webhooks.Postgres;

/// <summary>The outbox in Postgres. Rows come into it by a trigger on runs.</summary>
internal sealed class PostgresWebhookOutbox(RuntimeDatabase database) : IWebhookOutbox
{
    /// <summary>Most messages of one tenant in one claim.</summary>
    private const int Share = 4;

    private const string Dead = "tenant_id = $1 AND id = $2 AND ($3::text IS NULL OR user_name = $3) AND state = 'dead'";

    public async Task<IReadOnlyList<DueDelivery>> ClaimAsync(DateTimeOffset now, TimeSpan lease, int most, CancellationToken cancellation)
    {
        await using var session = await database.OpenWithoutTenantAsync(cancellation);
        await using var claim = session.Command("SELECT * FROM agentsystem.claim_webhook_deliveries($1, $2, $3, $4)", now, lease, most, Share);
        var due = new List<DueDelivery>();
        await using (var reader = await claim.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
            {
                due.Add(new DueDelivery(
                    reader.GetString(0), reader.GetString(1), WebhookRows.Nullable(reader, 2), reader.GetString(3), reader.GetString(4), reader.GetString(5), reader.GetString(6), reader.GetInt32(7),
                    reader.GetFieldValue<DateTimeOffset>(8), reader.GetInt32(9), reader.IsDBNull(10) ? null : reader.GetFieldValue<DateTimeOffset>(10))
                {
                    Secret = reader.IsDBNull(11) ? null : reader.GetFieldValue<byte[]>(11), SecretBefore = reader.IsDBNull(12) ? null : reader.GetFieldValue<byte[]>(12),
                });
            }
        }

        await session.CommitAsync(cancellation);
        return due;
    }

    public async Task<bool> FinishAsync(DueDelivery delivery, DeliveryOutcome outcome, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(delivery.Tenant, cancellation);
        // The number of the attempt is its fence: whoever took it up again after the lease has a higher one.
        await using var update = session.Command(
            """
            UPDATE agentsystem.webhook_deliveries SET state = $4, due_at = coalesce($5, due_at), last_status = $6, last_error = $7, finished_at = $8
            WHERE tenant_id = $1 AND id = $2 AND state = 'pending' AND attempts = $3
            """,
            delivery.Tenant, delivery.Id, delivery.Attempt,
            outcome.IsDelivered ? "delivered" : outcome.RetryAt is null ? "dead" : "pending",
            WebhookRows.Moment(outcome.RetryAt), WebhookRows.Number(outcome.Status), WebhookRows.Text(outcome.Error), WebhookRows.Moment(outcome.RetryAt is null ? now : null));
        var mine = await update.ExecuteNonQueryAsync(cancellation) > 0;
        if (mine && outcome.DisableWebhook && delivery.WebhookId is { } webhook)
        {
            await using var disable = session.Command("UPDATE agentsystem.webhooks SET disabled_reason = $3 WHERE tenant_id = $1 AND id = $2", delivery.Tenant, webhook, outcome.Error);
            await disable.ExecuteNonQueryAsync(cancellation);
        }

        await session.CommitAsync(cancellation);
        return mine;
    }

    public async Task<IReadOnlyList<DeadLetterView>> DeadAsync(WebhookScope scope, (DateTimeOffset DiedAt, string Id)? before, int limit, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        await using var select = session.Command(
            """
            SELECT id, run_id, url, coalesce(last_error, ''), attempts, finished_at FROM agentsystem.webhook_deliveries
            WHERE tenant_id = $1 AND ($2::text IS NULL OR user_name = $2) AND state = 'dead' AND ($3::timestamptz IS NULL OR (finished_at, id) < ($3, $4))
            ORDER BY finished_at DESC, id DESC LIMIT $5
            """,
            scope.Tenant, WebhookRows.Text(scope.User), WebhookRows.Moment(before?.DiedAt), WebhookRows.Text(before?.Id), limit);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var dead = new List<DeadLetterView>();
        while (await reader.ReadAsync(cancellation))
        {
            dead.Add(new DeadLetterView(
                reader.GetString(0), "webhook", reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetInt32(4), reader.GetFieldValue<DateTimeOffset>(5)));
        }

        return dead;
    }

    public async Task<bool> RetryAsync(WebhookScope scope, string id, DateTimeOffset now, CancellationToken cancellation) => await ChangeAsync(
        scope, $"UPDATE agentsystem.webhook_deliveries SET state = 'pending', attempts = 0, due_at = $4, finished_at = NULL WHERE {Dead}", [scope.Tenant, id, WebhookRows.Text(scope.User), now], cancellation);

    public async Task<bool> DiscardAsync(WebhookScope scope, string id, CancellationToken cancellation) => await ChangeAsync(
        scope, $"UPDATE agentsystem.webhook_deliveries SET state = 'discarded' WHERE {Dead}", [scope.Tenant, id, WebhookRows.Text(scope.User)], cancellation);

    public async Task<int> ForgetAsync(DateTimeOffset before, int most, CancellationToken cancellation)
    {
        await using var session = await database.OpenWithoutTenantAsync(cancellation);
        await using var forget = session.Command("SELECT agentsystem.forget_webhook_deliveries($1, $2)", before, most);
        var gone = (int)(await forget.ExecuteScalarAsync(cancellation))!;
        await session.CommitAsync(cancellation);
        return gone;
    }

    private async Task<bool> ChangeAsync(WebhookScope scope, string sql, IReadOnlyList<object?> values, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(scope.Tenant, cancellation);
        await using var update = session.Command(sql, values);
        var found = await update.ExecuteNonQueryAsync(cancellation) > 0;
        await session.CommitAsync(cancellation);
        return found;
    }
}
