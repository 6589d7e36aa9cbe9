using AgentSystem.Runtime.Threats.Conduct;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Threats.Conduct;

public sealed class LearnedLevelTests
{
    private const double Floor = .4;

    [Fact]
    public void Level_OfSomethingSteady_IsThatAndNothingIsAboveIt()
    {
        var level = Enumerable.Repeat(5.0, 100).Aggregate(default(LearnedLevel), static (level, value) => level.Learn(value, Floor));

        Assert.Equal((5.0, 0.0), (Math.Round(level.Mean, 9), Math.Round(level.Variance, 9)));
        Assert.Equal((0.0, 5.0), (level.Above(5, Floor), level.Above(7, Floor)));
    }

    [Fact]
    public void Level_OfAnyValues_StaysWithinThemAndIsFinite() =>
        Gen.Double[0, 20].Array[1, 200].Sample(values =>
        {
            var level = values.Aggregate(default(LearnedLevel), static (level, value) => level.Learn(value, Floor));

            Assert.InRange(level.Mean, values.Min() - 1e-9, values.Max() + 1e-9);
            Assert.True(level.Variance >= -1e-9 && double.IsFinite(level.Variance));
        });

    [Fact]
    public void Level_ThatAttackersTeach_MovesByLittleInADay()
    {
        var honest = Enumerable.Repeat(Math.Log(1 + 50), 288).Aggregate(default(LearnedLevel), static (level, value) => level.Learn(value, Floor));
        var poisoned = Enumerable.Repeat(Math.Log(1 + 50_000), 12).Aggregate(honest, static (level, value) => level.Learn(value, Floor));

        // An hour of a thousand times as much is still far beyond what is usual.
        Assert.True(poisoned.Above(Math.Log(1 + 50_000), Floor) >= 6, $"only {poisoned.Above(Math.Log(1 + 50_000), Floor)}");
    }
}
