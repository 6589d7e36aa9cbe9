using AgentSystem.Runtime.Runs;
using Microsoft.Extensions.Time.Testing;

namespace AgentSystem.Tests.Runtime.Runs;

public sealed class RunPlacesTests
{
    private readonly FakeTimeProvider time = new();

    [Fact]
    public async Task Take_WhileWorkIsScarce_TakesWhateverIsFreeAtOnce()
    {
        var places = new RunPlaces(8, time);
        Assert.Equal(8, await places.TakeAsync(more: false, default));
        var next = places.TakeAsync(more: false, default);
        Assert.False(next.IsCompleted);
        places.Free(1);
        Assert.Equal(1, await next);
    }

    [Fact]
    public async Task Take_WhileWorkWaits_WaitsForHalfOfThem()
    {
        var places = new RunPlaces(8, time);
        await places.TakeAsync(more: true, default);
        var next = places.TakeAsync(more: true, default);
        places.Free(1);
        places.Free(2);
        Assert.False(next.IsCompleted);
        places.Free(1);
        Assert.Equal(4, await next);
    }

    [Fact]
    public async Task Take_WhileTheOthersStayTaken_GoesOnWithOneAfterAMoment()
    {
        var places = new RunPlaces(8, time);
        await places.TakeAsync(more: true, default);
        var next = places.TakeAsync(more: true, default);
        places.Free(1);
        while (!next.IsCompleted)
        {
            time.Advance(RunPlaces.Patience);
            await Task.Yield();
        }

        Assert.Equal(1, await next);
    }

    [Fact]
    public async Task Take_GivenUp_LeavesThePlacesFree()
    {
        var places = new RunPlaces(2, time);
        await places.TakeAsync(more: false, default);
        using var impatient = new CancellationTokenSource();
        var given = places.TakeAsync(more: false, impatient.Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        places.Free(2);
        Assert.Equal(2, await places.TakeAsync(more: false, default));
    }

    [Fact]
    public async Task Places_UnderManyTakersOfRuns_AreNeverMoreThanThereAre()
    {
        var places = new RunPlaces(5, TimeProvider.System);
        var (held, most) = (0, 0);
        var runs = new List<Task>();
        while (runs.Count < 500)
        {
            var taken = await places.TakeAsync(runs.Count % 3 == 0, default);
            most = Math.Max(most, Interlocked.Add(ref held, taken));
            runs.AddRange(Enumerable.Range(0, taken).Select(_ => Task.Run(() =>
            {
                Interlocked.Decrement(ref held);
                places.Free(1);
            })));
        }

        await Task.WhenAll(runs);
        Assert.InRange(most, 1, 5);
        Assert.Equal(5, await places.TakeAsync(more: false, default));
    }
}
