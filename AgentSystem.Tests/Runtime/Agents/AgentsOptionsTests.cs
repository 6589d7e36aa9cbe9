using AgentSystem.Runtime.Agents;

namespace AgentSystem.Tests.Runtime.Agents;

public sealed class AgentsOptionsTests
{
    [Theory]
    [InlineData("", "a:1", false)]
    [InlineData("a:1, b/*", "a:1", true)]
    [InlineData("a:1, b/*", "a:12", false)]
    [InlineData("a:1, b/*", "b/x:3", true)]
    [InlineData("a:1, b/*", "B/x", false)]
    public void Allows_AnImage_GoesByTheOperatorsList(string allowed, string image, bool expected) => Assert.Equal(expected, new AgentsOptions { AllowedImages = allowed }.Allows(image));
}
