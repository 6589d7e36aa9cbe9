using AgentSystem.Runtime.Routing;

namespace AgentSystem.Tests.Runtime.Routing;

public sealed class InstanceTests
{
    [Fact]
    public async Task Take_AllSlotsTakenAndNoPatience_IsNull()
    {
        using var instance = new Instance("one", 1, 10);
        using var first = await instance.TakeAsync(TimeSpan.Zero, CancellationToken.None);

        Assert.Null(await instance.TakeAsync(TimeSpan.Zero, CancellationToken.None));
        Assert.Equal((1, 0), (instance.InUse, instance.Waiting));
    }

    [Fact]
    public async Task Take_QueueFull_IsRefusedAtOnce()
    {
        using var instance = new Instance("one", 1, 1);
        using var first = await instance.TakeAsync(TimeSpan.Zero, CancellationToken.None);
        var waiting = instance.TakeAsync(Timeout.InfiniteTimeSpan, CancellationToken.None);

        Assert.Null(await instance.TakeAsync(Timeout.InfiniteTimeSpan, CancellationToken.None));
        first!.Dispose();
        using var second = await waiting;
        Assert.NotNull(second);
    }

    [Fact]
    public async Task Dispose_TheSameLeaseTwice_GivesTheSlotBackOnce()
    {
        using var instance = new Instance("one", 2, 10);
        var lease = await instance.TakeAsync(TimeSpan.Zero, CancellationToken.None);
        using var other = await instance.TakeAsync(TimeSpan.Zero, CancellationToken.None);

        lease!.Dispose();
        lease.Dispose();

        Assert.Equal(1, instance.InUse);
    }
}
