using AgentSystem.Runtime.State.Postgres;
using Npgsql;

namespace AgentSystem.Runtime.Runs.Postgres;

/// <summary>
/// The statements of a batch of writes. Writes of one run follow each other; those of different runs that have a statement for many share it. So a batch is cut into waves:
/// the first write of each run, then the second of those that have two, and so on; a wave is one statement for each kind of write in it, however many runs there are.
/// </summary>
internal static class RunWaves
{
    /// <summary>Each statement with the places of the writes it answers for, in the order in which they are executed.</summary>
    public static IReadOnlyList<(NpgsqlBatchCommand Command, IReadOnlyList<int> Places)> Of(IReadOnlyList<RunWrite> writes)
    {
        var seen = new Dictionary<(string, string), int>();
        var waves = new List<List<int>>();
        for (var place = 0; place < writes.Count; place++)
        {
            var run = (writes[place].Tenant, writes[place].RunId);
            var wave = seen.GetValueOrDefault(run);
            seen[run] = wave + 1;
            if (waves.Count == wave)
            {
                waves.Add([]);
            }

            waves[wave].Add(place);
        }

        return [.. waves.SelectMany(wave => Wave(writes, wave))];
    }

    private static IEnumerable<(NpgsqlBatchCommand, IReadOnlyList<int>)> Wave(IReadOnlyList<RunWrite> writes, List<int> places)
    {
        // Everybody locks rows in the same order, so that two processes do not wait for each other.
        var order = places.OrderBy(i => writes[i].Tenant, StringComparer.Ordinal).ThenBy(i => writes[i].RunId, StringComparer.Ordinal).ToList();
        foreach (var kind in order.GroupBy(i => writes[i].Statement, ReferenceEqualityComparer.Instance as IEqualityComparer<RunStatement>))
        {
            if (kind.Key.Columns is { } columns)
            {
                int[] shared = [.. kind];
                yield return (TenantSession.Part(kind.Key.Sql, RunWrite.Columns(columns, [.. shared.Select(place => (place, writes[place]))])), shared);
                continue;
            }

            foreach (var place in kind)
            {
                yield return (TenantSession.Part(kind.Key.Sql, writes[place].Values), [place]);
            }
        }
    }
}
