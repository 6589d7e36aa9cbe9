using System.Text.Json;

namespace AgentSystem.Runtime.Tools.Schemas;

/// <summary>
/// What a tool takes: a subset of JSON Schema 2020-12, read once. Objects with a plan of members are closed: a member that is not in <c>properties</c> is refused unless
/// <c>additionalProperties</c> allows it, because a name a model made up is a mistake it must hear of.
/// </summary>
public sealed class ToolSchema
{
    private readonly IReadOnlyDictionary<string, SchemaNode> definitions;

    internal ToolSchema(JsonElement source, SchemaNode root, IReadOnlyDictionary<string, SchemaNode> definitions)
    {
        (Source, Root, this.definitions) = (source, root, definitions);
    }

    /// <summary>The schema as it was given.</summary>
    public JsonElement Source { get; }

    internal SchemaNode Root { get; }

    /// <summary>Reads a schema, or says what is wrong with it, naming the place from <c>schema</c> on.</summary>
    /// <param name="source">Kept as it is; the caller does not dispose its document.</param>
    public static (ToolSchema? Schema, string? Problem) Read(JsonElement source) => SchemaReader.Read(source);

    /// <summary>What is wrong with arguments, in sentences a model can act on; empty: nothing.</summary>
    public IReadOnlyList<string> Check(JsonElement arguments)
    {
        var check = new SchemaCheck(this);
        return check.Run(arguments);
    }

    /// <summary>Arguments that fit, as small as the schema allows; null where none could be made, as with a pattern without an example.</summary>
    public string? Example() => new SchemaExample(this).Make();

    internal SchemaNode Resolve(SchemaNode node)
    {
        // The reader refuses circles of references that lead to nothing else.
        while (node.Reference is { } reference)
        {
            node = definitions[reference];
        }

        return node;
    }
}
