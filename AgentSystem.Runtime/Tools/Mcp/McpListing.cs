using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Tools.Catalogue;
using AgentSystem.Runtime.Tools.Schemas;
using ModelContextProtocol.Protocol;

namespace AgentSystem.Runtime.Tools.Mcp;

/// <summary>What an MCP server offers, as tools of a catalogue.</summary>
internal static class McpListing
{
    private const int Most = 1_000;
    private const int MostPages = 100;

    /// <summary>Reads all pages of the server's list and looks at each tool. What its annotations say of effects is not taken over: a server's word about itself is no reason to trust it.</summary>
    /// <param name="connection">The server.</param>
    /// <param name="source">How it was registered.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<ImportedTools> ReadAsync(McpConnection connection, ToolDefinition source, CancellationToken cancellation)
    {
        var tools = new List<Tool>();
        string? cursor = null;
        for (var page = 0; page < MostPages; page++)
        {
            var answer = await connection.Client.ListToolsAsync(new ListToolsRequestParams { Cursor = cursor }, cancellation).ConfigureAwait(false);
            tools.AddRange(answer.Tools);
            cursor = answer.NextCursor;
            if (cursor is null || tools.Count > Most)
            {
                break;
            }
        }

        connection.Listed();
        var info = connection.Client.ServerInfo;
        return Look(source, tools, info?.Title ?? info?.Name ?? source.Name);
    }

    private static ImportedTools Look(ToolDefinition source, List<Tool> tools, string title)
    {
        var (used, skipped) = (new List<ImportedTool>(), new List<SkippedTool>());
        var wanted = source.Origin?.Operations;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var tool in tools.Take(Most))
        {
            if (!seen.Add(tool.Name) || (wanted is not null && !wanted.Contains(tool.Name)))
            {
                continue;
            }

            if (Problem(tool, out var schema) is { } problem)
            {
                skipped.Add(new SkippedTool(Line(tool.Name, 100), problem));
            }
            else
            {
                used.Add(new ImportedTool(tool.Name, Line(tool.Description ?? tool.Title ?? tool.Name, 4_000), schema, null, source.Url, null));
            }
        }

        if (tools.Count > Most)
        {
            skipped.Add(new SkippedTool("…", $"the server has more than {Most} tools; only the first {Most} are looked at"));
        }

        return new ImportedTools(Line(title, 200), used, skipped);
    }

    private static string? Problem(Tool tool, out JsonElement schema)
    {
        schema = Open(tool.InputSchema);
        return tool.Name.Length is 0 or > 128 ? "its name has no characters, or more than 128" : ToolSchema.Read(schema).Problem;
    }

    /// <summary>A schema without members is an object without a plan.</summary>
    private static JsonElement Open(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object && schema.EnumerateObject().Any() ? schema.Clone() : JsonSerializer.SerializeToElement(new JsonObject { ["type"] = "object" });

    private static string Line(string text, int most)
    {
        var clean = text.Replace("\0", "", StringComparison.Ordinal).Trim();
        return clean.Length <= most ? clean : clean[..(char.IsHighSurrogate(clean[most - 1]) ? most - 1 : most)];
    }
}
