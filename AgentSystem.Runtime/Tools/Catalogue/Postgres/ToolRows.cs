using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Security.Sealing;
using AgentSystem.Runtime.State.Postgres;
using AgentSystem.Runtime.Tools.Calls;
using Npgsql;
using NpgsqlTypes;

namespace AgentSystem.Runtime.Tools.Catalogue.Postgres;

/// <summary>How tools and their versions are read.</summary>
internal static class ToolRows
{
    /// <summary>For rotations of data keys.</summary>
    public static SealedColumn Credentials { get; } = new("agentsystem.tool_credentials", "sealed", ToolCredentials.Purpose, "name", SealedType.Bytes);

    /// <summary>Everything <see cref="Tool"/> reads.</summary>
    public const string Select = """
        SELECT coalesce(approved.definition, newest.definition), tool.state, tool.enabled, tool.active_version, tool.latest_version, approved.hash, newest.hash,
            coalesce(credentials.headers, '{}'), tool.created_at, tool.created_by
        FROM agentsystem.tools AS tool
        JOIN agentsystem.tool_versions AS newest ON newest.tenant_id = tool.tenant_id AND newest.name = tool.name AND newest.version = tool.latest_version
        LEFT JOIN agentsystem.tool_versions AS approved ON approved.tenant_id = tool.tenant_id AND approved.name = tool.name AND approved.version = tool.active_version
        LEFT JOIN agentsystem.tool_credentials AS credentials ON credentials.tenant_id = tool.tenant_id AND credentials.name = tool.name
        """;

    /// <summary>The row of a tool.</summary>
    public static ToolRecord Tool(NpgsqlDataReader row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return new ToolRecord(
            StoredJson.Read<ToolDefinition>(row.GetString(0)), Enum.Parse<ToolState>(row.GetString(1), ignoreCase: true), row.GetBoolean(2), row.GetInt32(3), row.GetInt32(4), row.IsDBNull(5) ? null : row.GetString(5), row.GetString(6),
            row.GetFieldValue<string[]>(7), row.GetFieldValue<DateTimeOffset>(8), row.GetString(9));
    }

    /// <summary>The row of a version.</summary>
    public static ToolVersion Version(NpgsqlDataReader row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return new ToolVersion(
            row.GetInt32(0), StoredJson.Read<ToolDefinition>(row.GetString(1)), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3), row.GetString(4),
            row.IsDBNull(5) ? null : row.GetFieldValue<DateTimeOffset>(5), row.IsDBNull(6) ? null : row.GetString(6));
    }

    /// <summary>A text that may be missing.</summary>
    public static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    /// <summary>A definition, to the letter.</summary>
    public static NpgsqlParameter Json(ToolDefinition definition) => new() { Value = StoredJson.Write(definition), NpgsqlDbType = NpgsqlDbType.Json };

    /// <summary>The word of a state.</summary>
    public static string Word(ToolState state) => state.ToString().ToLowerInvariant();
}
