using Npgsql;
using NpgsqlTypes;

namespace AgentSystem.Runtime.Runs.Postgres;

/// <summary>What is written about one run: a statement that gives at most one row.</summary>
/// <param name="Tenant">The run's tenant.</param>
/// <param name="RunId">The run.</param>
/// <param name="Statement">A constant: each is prepared once on each connection.</param>
/// <param name="Values">Its parameters.</param>
/// <param name="Read">Makes the result of the row. No row gives null.</param>
internal sealed record RunWrite(string Tenant, string RunId, RunStatement Statement, IReadOnlyList<object?> Values, Func<NpgsqlDataReader, object> Read)
{
    /// <summary>About how much is sent; what a batch may hold is bounded by it.</summary>
    public int Weight => Values.Sum(static value => Plain(value) is string text ? text.Length : 0);

    /// <summary>A write that gives a number.</summary>
    public static RunWrite Number(string tenant, string run, RunStatement statement, IReadOnlyList<object?> values) => new(tenant, run, statement, values, static reader => reader.GetInt32(0));

    /// <summary>The parameters of <see cref="RunStatement.Many"/>: of each the values of all writes, and last their places.</summary>
    public static IReadOnlyList<object?> Columns(IReadOnlyList<RunWrite> writes) =>
        [.. Enumerable.Range(0, writes[0].Values.Count).Select(i => (object?)Column(writes, i)), Enumerable.Range(0, writes.Count).ToArray()];

    private static object Column(IReadOnlyList<RunWrite> writes, int index) => writes[0].Values[index] switch
    {
        NpgsqlParameter { NpgsqlDbType: var type } => new NpgsqlParameter { Value = writes.Select(write => (string?)Plain(write.Values[index])).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type },
        string => new NpgsqlParameter { Value = writes.Select(write => (string?)write.Values[index]).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
        long => writes.Select(write => (long)write.Values[index]!).ToArray(),
        bool => writes.Select(write => (bool)write.Values[index]!).ToArray(),
        var other => throw new NotSupportedException($"No array is made of {other?.GetType().Name}."),
    };

    private static object? Plain(object? value) => value is NpgsqlParameter parameter ? parameter.Value is DBNull ? null : parameter.Value : value;
}

/// <summary>A statement about a run, and where one was worth writing its form for many runs at once.</summary>
/// <param name="One">For one run.</param>
/// <param name="Many">The same over arrays, each run at most once; gives the places (the last parameter) of those that were written.</param>
internal sealed record RunStatement(string One, string? Many = null);
