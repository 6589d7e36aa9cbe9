using AgentSystem.Runtime.Tools.Catalogue;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Tools.Catalogue;

/// <summary>What tools of servers and documents are called here.</summary>
public sealed class ToolNamesTests
{
    [Theory]
    [InlineData("getPetById", "get_pet_by_id")]
    [InlineData("GET /pets/{petId}", "get_pets_pet_id")]
    [InlineData("HTTPServer2Go", "http_server2_go")]
    [InlineData("already_fine", "already_fine")]
    [InlineData("日本", "tool")]
    [InlineData("--a--b--", "a_b")]
    public void Slug_OfAName_IsSmallWithUnderscores(string name, string slug) => Assert.Equal(slug, ToolNames.Slug(name));

    [Fact]
    public void Give_AnyNames_AreEachOfItsOwnWithinTheLimitAndNamesOfTools() => Gen.String.Array[0, 30].Sample(static remote =>
    {
        var names = ToolNames.Give("a-source-with-a-long-name-of-forty-eight-letters", remote.Distinct(StringComparer.Ordinal), new Dictionary<string, string>());

        Assert.Equal(names.Count, names.Values.Distinct(StringComparer.Ordinal).Count());
        Assert.All(names.Values, static name => Assert.True(ToolRules.IsToolName(name), name));
    });

    [Fact]
    public void Give_ANameThatWasGivenBefore_StaysEvenWhereAnotherWouldTakeIt()
    {
        var kept = new Dictionary<string, string> { ["get-pet"] = "s_get_pet" };

        var names = ToolNames.Give("s", ["getPet", "get-pet"], kept);

        Assert.Equal(("s_get_pet", "s_get_pet_2"), (names["get-pet"], names["getPet"]));
    }
}
