using Npgsql;
using NpgsqlTypes;

namespace AgentSystem.Runtime.Runs.Postgres;

/// <summary>What is written about one run: a statement that gives at most one row.</summary>
/// <param name="Tenant">The run's tenant.</param>
/// <param name="RunId">The run.</param>
/// <param name="Statement">A constant: each is prepared once on each connection.</param>
/// <param name="Values">Its parameters; of a statement for many runs the plain values of its columns.</param>
/// <param name="Read">Makes the result of the row. No row gives null.</param>
internal sealed record RunWrite(string Tenant, string RunId, RunStatement Statement, IReadOnlyList<object?> Values, Func<NpgsqlDataReader, object> Read)
{
    /// <summary>About how much is sent; what a batch may hold is bounded by it.</summary>
    public int Weight => Values.Sum(static value => (value is NpgsqlParameter parameter ? parameter.Value : value) is string text ? text.Length : 0);

    /// <summary>A write that gives a number in the last column of its row.</summary>
    public static RunWrite Number(string tenant, string run, RunStatement statement, IReadOnlyList<object?> values) =>
        new(tenant, run, statement, values, static reader => reader.GetInt32(reader.FieldCount - 1));

    /// <summary>The parameters of a statement for many runs: of each column the values of all writes, and last their places in the batch.</summary>
    /// <param name="columns">The types of its columns.</param>
    /// <param name="writes">Place and write.</param>
    public static IReadOnlyList<object?> Columns(IReadOnlyList<NpgsqlDbType> columns, IReadOnlyList<(int Place, RunWrite Write)> writes) =>
    [
        .. columns.Select((type, i) => new NpgsqlParameter { Value = Column(type, writes.Select(one => one.Write.Values[i])), NpgsqlDbType = NpgsqlDbType.Array | type }),
        writes.Select(static one => one.Place).ToArray(),
    ];

    private static object Column(NpgsqlDbType type, IEnumerable<object?> values) => type switch
    {
        NpgsqlDbType.Text or NpgsqlDbType.Jsonb => values.Cast<string?>().ToArray(),
        NpgsqlDbType.Bigint => values.Cast<long>().ToArray(),
        NpgsqlDbType.Integer => values.Cast<int>().ToArray(),
        NpgsqlDbType.Numeric => values.Cast<decimal>().ToArray(),
        NpgsqlDbType.Boolean => values.Cast<bool>().ToArray(),
        _ => throw new NotSupportedException($"No column is made of {type}."),
    };
}

/// <summary>A statement about one run or, where columns are named, about many at once.</summary>
/// <param name="Sql">
/// For one run: parameters are the write's values. For many: parameters are arrays, one for each column and last the writes' places; each run stands in it once at most,
/// and the rows that come back begin with the place of the write they answer.
/// </param>
/// <param name="Columns">Types of the columns; null: the statement is for one run.</param>
internal sealed record RunStatement(string Sql, IReadOnlyList<NpgsqlDbType>? Columns = null);
