using System.Text.Json.Nodes;
using AgentSystem.Runtime.Sessions;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Sessions;

public sealed class SemanticMergeTests
{
    // Few values, so that equal ones, permutations and doubles are common; numbers that are equal but written differently among them.
    private static readonly Gen<string> Scalar = OneOf("null", "true", "false", "0", "1", "1.0", "-2", "2e1", "20", "\"\"", "\"a\"", "\"b\"");

    private static readonly Gen<string> Value = Gen.Recursive<string>((depth, self) => depth > 2
        ? Scalar
        : Gen.Frequency(
            (3, Scalar),
            (2, self.Array[0, 3].Select(items => $"[{string.Join(',', items)}]")),
            (3, Gen.Select(OneOf("x", "y", "z"), self).Array[0, 3].Select(members => $"{{{string.Join(',', members.DistinctBy(member => member.Item1).Select(member => $"\"{member.Item1}\":{member.Item2}"))}}}"))));

    [Fact]
    public void Join_InEitherOrder_IsTheSame() => Gen.Select(Value, Value).Sample((one, other) => Same(Join(one, other), Join(other, one)));

    [Fact]
    public void Join_GroupedEitherWay_IsTheSame() => Gen.Select(Value, Value, Value).Sample((a, b, c) => Same(Join(Join(a, b), c), Join(a, Join(b, c))));

    [Fact]
    public void Join_WithItself_ChangesNothing() => Value.Sample(value => Same(Join(value, value), value));

    [Fact]
    public void Join_WithWhatIsInItAlready_ChangesNothing() => Gen.Select(Value, Value).Sample((one, other) => Same(Join(Join(one, other), other), Join(one, other)));

    [Theory]
    [InlineData("""{"a":1,"b":{"c":2}}""", """{"b":{"d":3}}""", """{"a":1,"b":{"c":2,"d":3}}""")]
    [InlineData("""["tea","milk"]""", """["milk","bread"]""", """["bread","milk","tea"]""")]
    [InlineData("""["b","a","b"]""", """["b","a","b"]""", """["b","a","b"]""")]
    [InlineData("3", "12", "12")]
    [InlineData("\"z\"", "12", "\"z\"")]
    [InlineData("null", "false", "false")]
    public void Join_OfTwo_Is(string one, string other, string expected) => Assert.True(Same(Join(one, other), expected), Join(one, other));

    private static Gen<string> OneOf(params string[] words) => Gen.Int[0, words.Length - 1].Select(index => words[index]);

    private static string Join(string one, string other) => StoredValues.Write(SemanticMerge.Join(JsonNode.Parse(one), JsonNode.Parse(other)));

    /// <summary>Written alike, but for the order of members: stricter than equal, for which 1 and 1.0 are one.</summary>
    private static bool Same(string one, string other) => SemanticMerge.Compare(JsonNode.Parse(one), JsonNode.Parse(other)) == 0;
}
