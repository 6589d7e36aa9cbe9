using AgentSystem.Benchmarks.Security;

namespace AgentSystem.Tests.Benchmarks.Security;

public class LogisticTrainerTests
{
    private const int Seed = 5;

    [Fact]
    public void Train_OnDocumentsThatHideAnAttack_FindsTheSentenceItself()
    {
        // 1 to 4 stand in every harmless sentence, 50 only in attacks that nobody pointed out; 9 is an attack that is known.
        Example[] known = [.. Enumerable.Range(0, 40).SelectMany(static i => new Example[] { new([1 + (i % 4), 20 + (i % 3)], Attack: false, 1, 0), new([9, 50], Attack: true, 1, 0) })];
        Example[] hiding = [.. Enumerable.Range(0, 40).Select(static i => new Example([], Attack: true, 1, 0) { Parts = [[1 + (i % 4), 20 + (i % 3)], [50, 60 + (i % 2)], [2, 21]] })];

        var model = LogisticTrainer.Train([.. known, .. hiding], heldOut: -1, Seed);

        Assert.True(model.Score([50, 61]) > 1);
        Assert.True(model.Score([60]) > model.Score([1, 20]));
        Assert.True(model.Score([1, 20]) < 0);
    }

    [Fact]
    public void Train_WithAFoldHeldOut_NeverSeesIt()
    {
        Example[] examples = [new([1], Attack: true, 1, 0), new([2], Attack: false, 1, 0)];

        var (with, without) = (LogisticTrainer.Train(examples, heldOut: -1, Seed), LogisticTrainer.Train([.. examples, new([3], Attack: true, 5, 1)], heldOut: 1, Seed));

        Assert.Equal(with.Weights, without.Weights);
    }
}
