using AgentSystem.Runtime.Sessions;

namespace AgentSystem.Tests.Runtime.Sessions;

public sealed class SynchronousStandbysTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("  ", 0)]
    [InlineData("*", 1)]
    [InlineData("s1, s2", 1)]
    [InlineData("ANY 1 (s1, s2)", 1)]
    [InlineData("any 2 (s1, s2, s3)", 2)]
    [InlineData("FIRST 3 (s1, s2, s3, s4)", 3)]
    [InlineData("2 (s1, s2)", 2)]
    [InlineData("ANY 2(*)", 2)]
    public void Confirming_OfASetting_IsHowManyACommitWaitsFor(string names, int expected) => Assert.Equal(expected, SynchronousStandbys.Confirming(names));
}
