using AgentSystem.Contracts.Facts;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Runs;
using AgentSystem.Tests.Harness;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Runs;

public sealed class FactQueueTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Add_BeyondTheCapacity_DropsTheOldestAndSaysSo()
    {
        var queue = new FactQueue(3);
        var dropped = 0;
        queue.Overflowed += count => dropped += count;
        foreach (var index in Enumerable.Range(1, 5))
        {
            queue.Add(Fact(index));
        }

        Assert.Equal((3, 2), (queue.Count, dropped));
        Assert.Null(queue.Find(Tenants.Default, "r2"));
        Assert.Equal(["r3", "r4", "r5"], queue.Take(10).Select(fact => fact.Usage!.RequestId));
    }

    [Fact]
    public void Take_UntilDone_FactsCanStillBeFound()
    {
        var queue = new FactQueue();
        queue.Add(Fact(1));
        var batch = queue.Take(10);
        Assert.NotNull(queue.Find(Tenants.Default, "r1"));
        queue.Return(batch);
        Assert.Equal(batch, queue.Take(10));
        queue.Done(batch);
        Assert.Null(queue.Find(Tenants.Default, "r1"));
        Assert.Equal(0, queue.Count);
    }

    /// <summary>Against a model: nothing is lost, doubled or reordered except what overflow reports.</summary>
    [Fact]
    public void AnySequence_LosesNothingUnreported() =>
        Gen.Int[0, 3].List[0, 80].Sample(steps =>
        {
            var queue = new FactQueue(5);
            var (added, dropped, written) = (0, 0, new List<QueuedFact>());
            queue.Overflowed += count => dropped += count;
            IReadOnlyList<QueuedFact> taken = [];
            foreach (var step in steps)
            {
                switch (step)
                {
                    case 0:
                        queue.Add(Fact(++added));
                        break;
                    case 1 when taken.Count == 0:
                        taken = queue.Take(2);
                        break;
                    case 2:
                        queue.Return(taken);
                        taken = [];
                        break;
                    case 3:
                        queue.Done(taken);
                        written.AddRange(taken);
                        taken = [];
                        break;
                    default:
                        break;
                }

                Assert.True(queue.Count <= 5);
                Assert.Equal(added, queue.Count + dropped + written.Count);
            }

            Assert.Equal(written.Select(Number).Order(), written.Select(Number));
            Assert.Equal(written.Count, written.Distinct().Count());
        });

    private static int Number(QueuedFact fact) => int.Parse(fact.Usage!.RequestId[1..]);

    private static QueuedFact Fact(int number) => new(Guid.NewGuid(), new RequestServed(Tenants.Default, Noon, Facts.Usage($"r{number}", Noon)));
}
