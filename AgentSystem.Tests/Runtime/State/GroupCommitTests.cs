using AgentSystem.Runtime.State;
using Microsoft.Extensions.Time.Testing;

namespace AgentSystem.Tests.Runtime.State;

public sealed class GroupCommitTests
{
    private readonly FakeTimeProvider time = new();
    private readonly List<int[]> batches = [];
    private readonly TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Add_WhileABatchIsUnderWay_GoesTogetherWithTheNext()
    {
        var group = Group(10, 100);
        var first = group.Add(1, 1, default)!;
        await UntilAsync(1);
        var rest = Enumerable.Range(2, 3).Select(i => group.Add(i, 1, default)!).ToList();
        open.SetResult();

        var results = await Task.WhenAll([first, .. rest]);
        Assert.Equal([10, 20, 30, 40], results);
        Assert.Equal([[1], [2, 3, 4]], batches);
    }

    [Fact]
    public async Task Add_MoreThanABatchTakes_IsSplitInOrder()
    {
        var group = Group(2, 3);
        var first = group.Add(1, 1, default)!;
        await UntilAsync(1);
        var rest = new[] { (2, 1), (3, 1), (4, 9), (5, 1) }.Select(item => group.Add(item.Item1, item.Item2, default)!).ToList();
        open.SetResult();
        while (!rest.TrueForAll(task => task.IsCompleted))
        {
            time.Advance(TimeSpan.FromMilliseconds(5));
            await Task.Yield();
        }

        Assert.Equal([[1], [2, 3], [4], [5]], batches);
    }

    [Fact]
    public async Task Add_MoreThanMayWait_IsRefused()
    {
        var group = Group(10, 100, waiting: 2);
        var first = group.Add(1, 1, default)!;
        await UntilAsync(1);
        Assert.NotNull(group.Add(2, 1, default));
        Assert.NotNull(group.Add(3, 1, default));
        Assert.Null(group.Add(4, 1, default));
        open.SetResult();
        await first;
    }

    [Fact]
    public async Task Add_GivenUpBeforeItsBatch_IsNotDone()
    {
        var group = Group(10, 100);
        var first = group.Add(1, 1, default)!;
        await UntilAsync(1);
        using var impatient = new CancellationTokenSource();
        var given = group.Add(2, 1, impatient.Token)!;
        var last = group.Add(3, 1, default)!;
        await impatient.CancelAsync();
        open.SetResult();

        await last;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        Assert.Equal([[1], [3]], batches);
    }

    [Fact]
    public async Task Add_ABatchThatFails_TellsItsCallersAndGoesOn()
    {
        var group = new GroupCommit<int, int>(
            batch => batch.Contains(1) ? throw new InvalidOperationException("one") : Task.FromResult<IReadOnlyList<int>>([.. batch]), new GroupSettings(1, 10, 10, TimeSpan.Zero), time);

        await Assert.ThrowsAsync<InvalidOperationException>(() => group.Add(1, 1, default)!);
        Assert.Equal(2, await group.Add(2, 1, default)!);
    }

    private GroupCommit<int, int> Group(int items, int weight, int waiting = 100) => new(
        async batch =>
        {
            lock (batches)
            {
                batches.Add([.. batch]);
            }

            await open.Task;
            return [.. batch.Select(item => item * 10)];
        },
        new GroupSettings(items, weight, waiting, TimeSpan.FromMilliseconds(2)),
        time);

    private async Task UntilAsync(int count)
    {
        while (true)
        {
            lock (batches)
            {
                if (batches.Count >= count)
                {
                    return;
                }
            }

            await Task.Yield();
        }
    }
}
