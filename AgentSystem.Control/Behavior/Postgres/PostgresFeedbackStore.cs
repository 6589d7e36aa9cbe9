using AgentSystem.Contracts.Feedback;
using Npgsql;

namespace AgentSystem.Control.Behavior.Postgres;

/// <summary>Feedback in Postgres, under the app role and the tenant's row security.</summary>
internal sealed class PostgresFeedbackStore(NpgsqlDataSource source, TimeProvider time) : IFeedbackStore
{
    private const string Enter = "SELECT set_config('role', 'agentsystem_app', true), set_config('agentsystem.tenant', $1, true)";

    public async Task<FeedbackView> AddAsync(string tenant, GiveFeedback feedback, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(feedback);
        var now = time.GetUtcNow();
        var view = new FeedbackView("fb_" + Guid.CreateVersion7(now).ToString("N"), feedback.Agent, feedback.Rating, feedback.RunId, feedback.Comment, now);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await EnterAsync(connection, tenant, cancellation);
        await using var insert = new NpgsqlCommand(
            "INSERT INTO agentsystem.feedback (tenant_id, id, agent, rating, run_id, comment, at) VALUES ($1, $2, $3, $4, $5, $6, $7)", connection, transaction);
        foreach (var value in new object?[] { tenant, view.Id, view.Agent, view.Rating, view.RunId, view.Comment, view.At.UtcDateTime })
        {
            insert.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        }

        await insert.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return view;
    }

    public async Task<IReadOnlyList<FeedbackView>> ListAsync(string tenant, int limit, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await EnterAsync(connection, tenant, cancellation);
        await using var select = new NpgsqlCommand(
            "SELECT id, agent, rating, run_id, comment, at FROM agentsystem.feedback WHERE tenant_id = $1 ORDER BY at DESC, id DESC LIMIT $2", connection, transaction);
        select.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenant });
        select.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        var found = new List<FeedbackView>();
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            found.Add(new FeedbackView(
                reader.GetString(0), reader.GetString(1), reader.GetInt32(2), await TextAsync(reader, 3, cancellation), await TextAsync(reader, 4, cancellation),
                new DateTimeOffset(reader.GetDateTime(5), TimeSpan.Zero)));
        }

        return found;
    }

    private static async Task<string?> TextAsync(NpgsqlDataReader reader, int column, CancellationToken cancellation) =>
        await reader.IsDBNullAsync(column, cancellation) ? null : reader.GetString(column);

    private static async Task<NpgsqlTransaction> EnterAsync(NpgsqlConnection connection, string tenant, CancellationToken cancellation)
    {
        var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var enter = new NpgsqlCommand(Enter, connection, transaction);
        enter.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenant });
        await enter.ExecuteNonQueryAsync(cancellation);
        return transaction;
    }
}
