using System.Text.Json;
using AgentSystem.Runtime.Sessions;

namespace AgentSystem.Tests.Runtime.Sessions;

public sealed class SessionLimitsTests
{
    [Theory]
    [InlineData("1e400")]
    [InlineData("1e-99999")]
    [InlineData("\"a\\u0000\"")]
    [InlineData("{\"a\\u0000\":1}")]
    public void ValueProblem_WhatPostgresWouldRefuse_IsRefusedBefore(string json) => Assert.NotNull(SessionLimits.ValueProblem(StoredValues.Element(json), 1000));

    [Fact]
    public void ValueProblem_TooDeepOrTooLarge_IsRefused()
    {
        Assert.Null(SessionLimits.ValueProblem(Nested(SessionLimits.MaxDepth), 1000));
        Assert.NotNull(SessionLimits.ValueProblem(Nested(SessionLimits.MaxDepth + 1), 1000));
        Assert.Null(SessionLimits.ValueProblem(JsonSerializer.SerializeToElement(new string('x', 998)), 1000));
        Assert.NotNull(SessionLimits.ValueProblem(JsonSerializer.SerializeToElement(new string('x', 999)), 1000));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("a\0", false)]
    [InlineData("whole 😀", true)]
    public void NameProblem_OfAName_Is(string name, bool fits) => Assert.Equal(fits, SessionLimits.NameProblem(name) is null);

    // Not as data of the test above: half a character does not survive in an attribute.
    [Fact]
    public void NameProblem_HalfACharacter_IsRefused() => Assert.NotNull(SessionLimits.NameProblem("half \ud83d"));

    private static JsonElement Nested(int depth) => StoredValues.Element(new string('[', depth) + new string(']', depth));
}
