using AgentSystem.Runtime.Runs.Postgres;
using AgentSystem.Runtime.State.Postgres;
using Npgsql;

namespace AgentSystem.Runtime.Responses.Postgres;

/// <summary>Rows of responses, written inside somebody's transaction.</summary>
internal static class ResponseRows
{
    public const string Columns =
        "x.tenant_id, x.id, x.key_id, x.user_name, x.previous_id, x.recording_id, x.background, x.status, x.request::text, x.input::text, x.output::text, x.result::text, x.created_at, x.completed_at";

    /// <summary>The same without what makes a row long. Nothing looks into the documents here: a text in them may hold what the server's text cannot.</summary>
    public static string Listed { get; } = Columns
        .Replace("x.input::text", $"CASE WHEN octet_length(x.input::text) <= {LongestSealed} THEN x.input::text ELSE '[]' END", StringComparison.Ordinal)
        .Replace("x.output::text, x.result::text", "'[]', '{}'", StringComparison.Ordinal);

    // A sealed input is a third longer in base64, and has its head and tag; how long it is in plain is seen when it is open.
    private const int LongestSealed = (ResponseQuery.LongestInput / 3 * 4) + 100;

    private const int OrderColumn = 14;

    /// <param name="session">The transaction.</param>
    /// <param name="response">What is kept.</param>
    /// <param name="order">See <see cref="ResponseOrder"/>; null: it is made where it was asked for.</param>
    /// <param name="retention">How long.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task AddAsync(TenantSession session, StoredResponse response, string? order, TimeSpan retention, CancellationToken cancellation)
    {
        await using var insert = session.Command(
            """
            INSERT INTO agentsystem.responses (tenant_id, id, key_id, user_name, previous_id, recording_id, background, status, request, input, output, result, created_at, completed_at, expires_at, work)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::json, $10::json, $11::json, $12::json, $13, $14, $15, $16)
            """,
            response.Tenant, response.Id, response.KeyId, response.User, RunRows.Text(response.PreviousId), RunRows.Text(response.Recording), response.Background, RunRows.Word(response.Status),
            response.Request, response.Input, response.Output, response.Result, response.CreatedAt, RunRows.Moment(response.CompletedAt), response.CreatedAt + retention, RunRows.Text(order));
        await insert.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>False when it has ended already.</summary>
    public static async Task<bool> EndAsync(TenantSession session, string tenant, string id, ResponseEnd end, CancellationToken cancellation)
    {
        await using var update = session.Command(
            """
            UPDATE agentsystem.responses SET status = $3, output = $4::json, result = $5::json, completed_at = $6
            WHERE tenant_id = $1 AND id = $2 AND status IN ('queued', 'in_progress')
            """,
            tenant, id, RunRows.Word(end.Status), end.Output, end.Result, end.At);
        return await update.ExecuteNonQueryAsync(cancellation) == 1;
    }

    /// <summary>One row of <see cref="Columns"/> and the order.</summary>
    public static async Task<(StoredResponse? Response, string? Order)> WithOrderAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? (Read(reader), Nullable(reader, OrderColumn)) : (null, null);
    }

    public static StoredResponse Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), Nullable(row, 4), Nullable(row, 5), row.GetBoolean(6), RunRows.Value<ResponseStatus>(row.GetString(7).Replace("_", "", StringComparison.Ordinal)),
        row.GetString(8), row.GetString(9), row.GetString(10), row.GetString(11), row.GetFieldValue<DateTimeOffset>(12), row.IsDBNull(13) ? null : row.GetFieldValue<DateTimeOffset>(13));

    private static string? Nullable(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
