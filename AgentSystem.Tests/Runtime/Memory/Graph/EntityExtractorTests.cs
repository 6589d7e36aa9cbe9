using AgentSystem.Runtime.Memory.Graph;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Memory.Graph;

public sealed class EntityExtractorTests
{
    [Theory]
    [InlineData("Anna works at Acme Corp in Berlin", "name:Anna|name:Acme Corp|name:Berlin")]
    [InlineData("my sister's birthday is 4 May", "person:sister|date:4 May")]
    [InlineData("The meeting with Bob moved to 2025-03-04.", "name:Bob|date:2025-03-04")]
    [InlineData("box 271 stands on shelf 16", "number:271|number:16")]
    [InlineData("mail ann.lee@example.com or see https://example.com/a?b", "address:ann.lee@example.com|address:https://example.com/a?b")]
    [InlineData("In March 2025 we met Ludwig van Beethoven", "date:March 2025|name:Ludwig van Beethoven")]
    [InlineData("Please remember that nothing here has a name", "")]
    public void In_AStatement_FindsWhatItNames(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', EntityExtractor.In(text).Select(static entity => $"{entity.Type}:{entity.Name}")));

    [Fact]
    public void In_AnyText_GivesFewDistinctNamesThatStandInIt() => Gen.String[0, 300].Sample(text =>
    {
        var found = EntityExtractor.In(text);
        return found.Count <= EntityExtractor.Most && found.All(entity => text.Contains(entity.Name, StringComparison.Ordinal))
            && found.Select(static entity => EntityExtractor.Fold(entity.Name)).Distinct().Count() == found.Count;
    });
}
