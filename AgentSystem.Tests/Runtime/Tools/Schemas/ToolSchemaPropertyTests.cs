using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSystem.Runtime.Tools.Schemas;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Tools.Schemas;

/// <summary>Random schemas, random values.</summary>
public sealed class ToolSchemaPropertyTests
{
    private static readonly Gen<string> Names = Gen.Char['a', 'e'].Array[1, 3].Select(static letters => new string(letters));

    private static readonly Gen<JsonObject> Leaf = Gen.OneOf(
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 20]).Select(static (least, more) => new JsonObject { ["type"] = "string", ["minLength"] = least, ["maxLength"] = least + more }),
        Gen.Select(Gen.Int[-50, 50], Gen.Int[0, 100]).Select(static (least, more) => new JsonObject { ["type"] = "integer", ["minimum"] = least, ["maximum"] = least + more }),
        Gen.Select(Gen.Double[-50, 50], Gen.Double[0.5, 100]).Select(static (least, more) => new JsonObject { ["type"] = "number", ["exclusiveMinimum"] = least, ["maximum"] = least + more }),
        Gen.Bool.Select(static _ => new JsonObject { ["type"] = "boolean" }),
        Gen.Int[1, 4].Select(static count => new JsonObject { ["enum"] = new JsonArray([.. Enumerable.Range(0, count).Select(static i => (JsonNode?)JsonValue.Create($"v{i}"))]) }),
        Gen.Bool.Select(static date => new JsonObject { ["type"] = "string", ["format"] = date ? "date" : "date-time" }));

    [Fact]
    public void Example_OfAnySchema_Fits() => Object(3).Sample(static schema =>
    {
        var read = Read(schema);
        var example = read.Example();
        Assert.NotNull(example);
        Assert.Empty(read.Check(JsonDocument.Parse(example).RootElement));
    }, iter: 500);

    [Fact]
    public void Check_MemberThatIsNotInTheSchema_IsNamed() => Object(2).Sample(static schema =>
    {
        var read = Read(schema);
        var arguments = JsonNode.Parse(read.Example()!)!.AsObject();
        arguments["unheard_of"] = 1;
        Assert.Contains(read.Check(Element(arguments)), static problem => problem.StartsWith("\"unheard_of\" is unknown", StringComparison.Ordinal));
    }, iter: 300);

    [Fact]
    public void Check_RequiredMemberThatIsLeftOut_IsNamed() => Object(2).Where(static schema => schema["required"]!.AsArray().Count > 0).Sample(static schema =>
    {
        var read = Read(schema);
        foreach (var name in schema["required"]!.AsArray().Select(static name => name!.GetValue<string>()))
        {
            var arguments = JsonNode.Parse(read.Example()!)!.AsObject();
            arguments.Remove(name);
            Assert.Contains(read.Check(Element(arguments)), problem => problem.StartsWith($"\"{name}\" is missing", StringComparison.Ordinal));
        }
    }, iter: 300);

    [Fact]
    public void Check_MemberOfAnotherKind_IsNamedWithWhatWasFound() => Object(2).Where(static schema => schema["required"]!.AsArray().Count > 0).Sample(static schema =>
    {
        var read = Read(schema);
        var name = schema["required"]![0]!.GetValue<string>();
        var arguments = JsonNode.Parse(read.Example()!)!.AsObject();
        arguments[name] = null;
        Assert.Contains(read.Check(Element(arguments)), problem => problem.StartsWith($"\"{name}\" must be ", StringComparison.Ordinal) && problem.Contains("it is null", StringComparison.Ordinal));
    }, iter: 300);

    [Fact]
    public void Check_AnyJson_NeverThrowsAndIsBounded() => Gen.Select(Object(2), Gen.String).Sample(static (schema, text) =>
    {
        var found = Read(schema).Check(Element(new JsonObject { [text] = new JsonObject { [text] = text } }));
        Assert.InRange(found.Count, 1, 6);
        Assert.All(found, static problem => Assert.InRange(problem.Length, 1, 2_000));
    }, iter: 300);

    private static Gen<JsonObject> Object(int depth) => Gen.Select(Gen.Select(Names, Node(depth - 1), Gen.Bool).Array[0, 4], Gen.Bool).Select(static (members, closed) =>
    {
        var (properties, required) = (new JsonObject(), new JsonArray());
        foreach (var (name, node, needed) in members)
        {
            if (properties.TryAdd(name, node.DeepClone()) && needed)
            {
                required.Add(name);
            }
        }

        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties, ["required"] = required };
        if (closed)
        {
            schema["additionalProperties"] = false;
        }

        return schema;
    });

    private static Gen<JsonObject> Node(int depth) => depth <= 0 ? Leaf : Gen.Frequency(
        (3, Leaf),
        (1, Object(depth)),
        (1, Gen.Select(Node(depth - 1), Gen.Int[0, 3]).Select(static (items, fewest) => new JsonObject { ["type"] = "array", ["items"] = items.DeepClone(), ["minItems"] = fewest })));

    private static ToolSchema Read(JsonObject schema)
    {
        var (read, problem) = ToolSchema.Read(Element(schema));
        Assert.Null(problem);
        return read!;
    }

    private static JsonElement Element(JsonNode node) => JsonSerializer.SerializeToElement(node);
}
