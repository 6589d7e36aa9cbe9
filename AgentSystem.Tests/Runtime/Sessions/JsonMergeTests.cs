using System.Text.Json.Nodes;
using AgentSystem.Runtime.Sessions;

namespace AgentSystem.Tests.Runtime.Sessions;

public sealed class JsonMergeTests
{
    [Theory]
    [InlineData("""{"a":1}""", """{"b":2}""", """{"a":1,"b":2}""")]
    [InlineData("""{"a":{"x":1,"y":{"z":1}}}""", """{"a":{"y":{"w":2}}}""", """{"a":{"x":1,"y":{"z":1,"w":2}}}""")]
    [InlineData("""{"a":{"x":1}}""", """{"a":[1]}""", """{"a":[1]}""")]
    [InlineData("""{"a":1}""", """{"a":null}""", """{"a":null}""")]
    [InlineData("""{"a":[1,2]}""", """{"a":[3]}""", """{"a":[3]}""")]
    public void Merge_OfTwo_Is(string under, string over, string expected)
    {
        var (one, other) = (Object(under), Object(over));

        Assert.True(JsonNode.DeepEquals(JsonMerge.Merge(one, other), Object(expected)));
        // The document's merge changed nested values that others still held.
        Assert.Equal((under, over), (one.ToJsonString(), other.ToJsonString()));
    }

    [Theory]
    [InlineData("""{"a":1}""", """{"b":2}""", false)]
    [InlineData("""{"a":1}""", """{"a":1.0}""", false)]
    [InlineData("""{"a":{"x":1}}""", """{"a":{"y":2}}""", false)]
    [InlineData("""{"a":{"x":1}}""", """{"a":{"x":2}}""", true)]
    [InlineData("""{"a":null}""", """{"a":0}""", true)]
    public void Collides_OfTwo_Is(string under, string over, bool expected) => Assert.Equal(expected, JsonMerge.Collides(Object(under), Object(over)));

    [Fact]
    public void Append_OfTwo_KeepsOrderAndDoubles() =>
        Assert.Equal("[1,2,2,3]", JsonMerge.Append((JsonArray)JsonNode.Parse("[1,2]")!, (JsonArray)JsonNode.Parse("[2,3]")!).ToJsonString());

    private static JsonObject Object(string json) => (JsonObject)JsonNode.Parse(json)!;
}
