using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Security.Screening;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Security.Screening;

public class ThreatScoreTests
{
    [Fact]
    public void Of_ACertainPatternAlone_Blocks() => Assert.Equal(ScreenVerdict.Blocked, ThreatScore.Verdict(ThreatScore.Of(0, 1, 0, 0, floor: 1)));

    [Fact]
    public void Of_ThePatternsWeightAlone_WouldOnlyBeLow() => Assert.Equal("low", ThreatScore.Level(ThreatScore.Of(0, 1, 0, 0, floor: 0)));

    [Fact]
    public void Of_AllSignals_IsTheDocumentsSum() => Assert.Equal(1, ThreatScore.Of(1, 1, 1, 1, floor: 0));

    [Fact]
    public void Of_AStrongerSignal_NeverScoresLower() => Gen.Double[0, 1].Array[5].Select(Gen.Double[0, 1]).Sample((signals, more) =>
        ThreatScore.Of(signals[0], Math.Max(signals[1], more), signals[2], signals[3], signals[4]) >= ThreatScore.Of(signals[0], signals[1], signals[2], signals[3], signals[4]));
}
