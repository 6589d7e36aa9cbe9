using Npgsql;
using NpgsqlTypes;

namespace AgentSystem.Runtime.Threats.Postgres;

/// <summary>How values that may be absent, and words of enumerations, go into rows and come out of them.</summary>
internal static class ThreatRows
{
    public static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    public static NpgsqlParameter Number(int? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer };

    public static NpgsqlParameter Moment(DateTimeOffset? value) => new() { Value = (object?)value?.ToUniversalTime() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };

    public static NpgsqlParameter Moments(IEnumerable<DateTimeOffset?> values) =>
        new() { Value = values.Select(static value => value?.ToUniversalTime()).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz };

    public static NpgsqlParameter Numbers(IEnumerable<double> values) => new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Double };

    public static NpgsqlParameter Wholes(IEnumerable<long> values) => new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint };

    public static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static DateTimeOffset? Moment(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);

    public static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    public static T Word<T>(string word) where T : struct, Enum => Enum.Parse<T>(word, ignoreCase: true);
}
