using System.Text.Json;
using AgentSystem.Runtime.Tools.Schemas;

namespace AgentSystem.Tests.Runtime.Tools.Schemas;

/// <summary>What is refused of a schema, and what a model reads about arguments that do not fit.</summary>
public sealed class ToolSchemaTests
{
    private const string Order = """
        {
          "type": "object",
          "properties": {
            "city": { "type": "string", "description": "Where to deliver", "minLength": 2, "examples": ["Paris"] },
            "speed": { "enum": ["slow", "fast"] },
            "lines": {
              "type": "array", "minItems": 1,
              "items": { "type": "object", "properties": { "sku": { "type": "string", "pattern": "^[A-Z]{3}$" }, "qty": { "type": "integer", "minimum": 1 } }, "required": ["sku", "qty"] }
            },
            "at": { "type": "string", "format": "date-time" },
            "note": { "anyOf": [{ "type": "string" }, { "type": "null" }] },
            "extra": { "type": "object" },
            "tags": { "type": "object", "additionalProperties": { "type": "string" } }
          },
          "required": ["city"]
        }
        """;

    [Theory]
    [InlineData("""{"city":"Rome"}""")]
    [InlineData("""{"city":"Rome","speed":"fast","lines":[{"sku":"ABC","qty":1.0}],"at":"2026-11-28T20:15:00Z","note":null}""")]
    [InlineData("""{"city":"Rome","extra":{"whatever":[1,2]},"tags":{"a":"b"}}""")]
    public void Check_ArgumentsThatFit_FindsNothing(string arguments) => Assert.Empty(Check(Order, arguments));

    [Theory]
    [InlineData("{}", "\"city\" is missing; it must be a text (Where to deliver); for example \"Paris\"")]
    [InlineData("""{"city":7}""", "\"city\" must be a text (Where to deliver); it is the number 7; for example \"Paris\"")]
    [InlineData("""{"city":"R"}""", "\"city\" must be a text of at least 2 characters (Where to deliver); it is the text \"R\"; for example \"Paris\"")]
    [InlineData("""{"city":"Rome","sped":"fast"}""", "\"sped\" is unknown; there are city, speed, lines, at, note, extra, tags; did you mean \"speed\"?")]
    [InlineData("""{"city":"Rome","speed":"Fast"}""", "\"speed\" must be one of \"slow\", \"fast\"; it is the text \"Fast\"; for example \"slow\"")]
    [InlineData("""{"city":"Rome","lines":[]}""", "\"lines\" must have at least 1 entries; it has 0")]
    [InlineData("""{"city":"Rome","lines":[{"sku":"ABC","qty":0}]}""", "\"lines[0].qty\" must be a whole number of at least 1; it is the number 0; for example 1")]
    [InlineData("""{"city":"Rome","lines":[{"sku":"abc","qty":2}]}""", "\"lines[0].sku\" must be a text that fits ^[A-Z]{3}$; it is the text \"abc\"")]
    [InlineData("""{"city":"Rome","at":"tomorrow"}""", "\"at\" must be a time such as 2026-11-28T20:15:00Z (RFC 3339); it is the text \"tomorrow\"; for example \"2026-11-28T20:15:00Z\"")]
    [InlineData("""{"city":"Rome","note":4}""", "\"note\" must be a text or null; it is the number 4; for example \"text\"")]
    [InlineData("""{"city":"Rome","tags":{"a":1}}""", "\"tags.a\" must be a text; it is the number 1; for example \"text\"")]
    [InlineData("""{"city":"Rome","city":"Bonn"}""", "\"city\" is given twice; give it once")]
    [InlineData("[]", "the arguments must be an object; it is a list of 0; for example {\"city\":\"Paris\"}")]
    public void Check_ArgumentsThatDoNotFit_SaysWhichMemberWhatIsExpectedWhatWasFoundAndHowItCouldLook(string arguments, string problem) =>
        Assert.Equal([problem], Check(Order, arguments));

    [Fact]
    public void Check_ManyProblems_TellsFiveAndHowManyMore()
    {
        var found = Check("""{"type":"object","properties":{"a":{"type":"array","items":{"type":"integer"}}}}""", """{"a":["1","2","3","4","5","6","7"]}""");

        Assert.Equal(6, found.Count);
        Assert.Equal("and 2 more", found[^1]);
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"type":"text"}}}""", "\"schema.properties.a.type\" is \"text\"; use string, number, integer, boolean, null, object, array")]
    [InlineData("""{"type":"object","patternProperties":{}}""", "\"schema\" uses \"patternProperties\", which is not understood")]
    [InlineData("""{"type":"string"}""", "\"schema\" must have \"type\":\"object\"")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","pattern":"(?=x)y"}}}""", "\"schema.properties.a.pattern\" is no regular expression that can be checked in bounded time")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"required":["b"]}""", "\"schema.required\" names \"b\", which \"properties\" does not have")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"https://elsewhere.example/s.json"}}}""", "only references within the schema are followed")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#/$defs/a"}},"$defs":{"a":{"$ref":"#/$defs/a"}}}""", "leads back to itself")]
    [InlineData("""{"type":"object","properties":{"a":{"minLength":-1}}}""", "\"schema.properties.a.minLength\" must be a whole number of at least 0")]
    [InlineData("""{"type":"object","properties":{"a":{"allOf":[{"type":"string"},{"type":"integer"}]}}}""", "the parts of \"allOf\" say different things")]
    [InlineData("7", "\"schema\" must be a JSON Schema")]
    public void Read_SchemaThatCannotBeChecked_IsRefusedByPlaceAndName(string schema, string problem)
    {
        var (read, found) = ToolSchema.Read(JsonDocument.Parse(schema).RootElement);

        Assert.Null(read);
        Assert.Contains(problem, found, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_DefinitionThatHoldsItself_IsFollowedAsDeepAsTheArgumentsGo()
    {
        const string Tree = """{"type":"object","properties":{"root":{"$ref":"#/$defs/node"}},"$defs":{"node":{"type":"object","properties":{"left":{"$ref":"#/$defs/node"},"value":{"type":"integer"}}}}}""";

        Assert.Empty(Check(Tree, """{"root":{"left":{"left":{"value":1}}}}"""));
        Assert.Equal(["\"root.left.left.value\" must be a whole number; it is the text \"1\"; for example 1"], Check(Tree, """{"root":{"left":{"left":{"value":"1"}}}}"""));
    }

    [Fact]
    public void Check_PartsOfAllOf_AreOneObjectThatIsClosedAsAWhole()
    {
        const string Both = """{"type":"object","properties":{"pet":{"allOf":[{"$ref":"#/$defs/named"},{"properties":{"age":{"type":"integer"}},"required":["age"]}]}},"$defs":{"named":{"type":"object","properties":{"name":{"type":"string"}},"required":["name"]}}}""";

        Assert.Empty(Check(Both, """{"pet":{"name":"Rex","age":3}}"""));
        Assert.Equal(2, Check(Both, """{"pet":{"name":"Rex","colour":"red"}}""").Count);
    }

    [Fact]
    public void Check_OneOf_NamesTheProblemOfTheShapeThatWasMeant()
    {
        const string Either = """{"type":"object","properties":{"to":{"oneOf":[{"type":"string","minLength":3},{"type":"object","properties":{"id":{"type":"integer"}},"required":["id"]}]}}}""";

        Assert.Equal(["\"to\" must be a text of at least 3 characters; it is the text \"x\"; for example \"text\""], Check(Either, """{"to":"x"}"""));
        Assert.Equal(["\"to.id\" is missing; it must be a whole number; for example 1"], Check(Either, """{"to":{}}"""));
        Assert.Equal(["\"to\" must be a text or an object; it is the number 1; for example \"text\""], Check(Either, """{"to":1}"""));
    }

    [Fact]
    public void Check_ChoicesWithinChoices_EndsInBoundedSteps()
    {
        const string Knot = """{"type":"object","properties":{"a":{"$ref":"#/$defs/k"}},"$defs":{"k":{"anyOf":[{"type":"array","items":{"$ref":"#/$defs/k"},"minItems":2},{"type":"array","items":{"$ref":"#/$defs/k"}},{"type":"integer"}]}}}""";
        var deep = string.Concat(Enumerable.Repeat("[", 40)) + "\"x\"" + string.Concat(Enumerable.Repeat("]", 40));

        Assert.NotEmpty(Check(Knot, $$"""{"a":{{deep}}}"""));
    }

    private static IReadOnlyList<string> Check(string schema, string arguments)
    {
        var (read, problem) = ToolSchema.Read(JsonDocument.Parse(schema).RootElement);
        Assert.Null(problem);
        return read!.Check(JsonDocument.Parse(arguments).RootElement);
    }
}
