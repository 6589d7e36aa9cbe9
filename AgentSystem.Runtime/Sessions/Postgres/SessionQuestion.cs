using AgentSystem.Runtime.State.Postgres;
using Npgsql;

namespace AgentSystem.Runtime.Sessions.Postgres;

/// <summary>A statement and what to do with each row of its answer. It must answer with rows, if only with none: a statement that answers with a count has no place in the order of the answers.</summary>
internal sealed record SessionQuestion(NpgsqlBatchCommand Command, Action<NpgsqlDataReader> Row)
{
    /// <summary>Asks questions in one round trip, each on a snapshot of its own, prepared once on each connection.</summary>
    public static async Task AskAsync(TenantSession session, params SessionQuestion[] questions)
    {
        await using var batch = session.Batch();
        foreach (var question in questions)
        {
            batch.BatchCommands.Add(question.Command);
        }

        await batch.PrepareAsync();
        await using var reader = await batch.ExecuteReaderAsync();
        foreach (var question in questions)
        {
            while (await reader.ReadAsync())
            {
                question.Row(reader);
            }

            await reader.NextResultAsync();
        }
    }
}
