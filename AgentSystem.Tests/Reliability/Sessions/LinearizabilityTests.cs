namespace AgentSystem.Tests.Reliability.Sessions;

/// <summary>The checker itself: what it must let pass and what it must find.</summary>
public sealed class LinearizabilityTests
{
    [Fact]
    public void Explains_OverlappingReadsInEitherOrder_Passes() => Assert.True(Linearizability.Explains([Write(1, 0, 10), Read(0, 1, 3), Read(1, 4, 6), Read(1, 11, 12)], 0));

    [Fact]
    public void Explains_AReadThatWentBack_IsFound() => Assert.False(Linearizability.Explains([Write(1, 0, 10), Read(1, 1, 3), Read(0, 4, 6)], 0));

    [Fact]
    public void Explains_AStaleRead_IsFound() => Assert.False(Linearizability.Explains([Write(1, 0, 2), Read(0, 3, 4)], 0));

    [Fact]
    public void Explains_ALostUpdate_IsFound() => Assert.False(Linearizability.Explains([Set(0, 1, 0, 3), Set(0, 2, 1, 4)], 0));

    [Fact]
    public void Explains_ARefusalWithoutAReason_IsFound() => Assert.False(Linearizability.Explains([Refused(0, 0, 1)], 0));

    [Fact]
    public void Explains_AnUnknownWrite_MayHaveHappenedLaterOrNever()
    {
        Assert.True(Linearizability.Explains([Write(1, 0, long.MaxValue), Read(0, 1, 2), Read(1, 3, 4)], 0));
        Assert.True(Linearizability.Explains([Write(1, 0, long.MaxValue), Read(0, 1, 2), Read(0, 3, 4)], 0));
        Assert.False(Linearizability.Explains([Write(1, 0, long.MaxValue), Read(1, 1, 2), Read(0, 3, 4)], 0));
        Assert.False(Linearizability.Explains([Read(1, 0, 1), Write(1, 2, long.MaxValue)], 0));
    }

    private static RegisterOperation Write(int value, long began, long ended) => new(RegisterKind.Write, value, 0, began, ended);

    private static RegisterOperation Read(int value, long began, long ended) => new(RegisterKind.Read, value, 0, began, ended);

    private static RegisterOperation Set(int expected, int value, long began, long ended) => new(RegisterKind.Set, value, expected, began, ended);

    private static RegisterOperation Refused(int expected, long began, long ended) => new(RegisterKind.Refused, 0, expected, began, ended);
}
