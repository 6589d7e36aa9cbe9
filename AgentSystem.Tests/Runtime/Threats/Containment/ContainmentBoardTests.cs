using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Threats.Containment;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace AgentSystem.Tests.Runtime.Threats.Containment;

public sealed class ContainmentBoardTests
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData(ContainmentKind.Kill, "everything", "other", true)]
    [InlineData(ContainmentKind.Kill, "tenant", "default", true)]
    [InlineData(ContainmentKind.Kill, "tenant", "other", false)]
    [InlineData(ContainmentKind.Kill, "agent:assistant", "default", true)]
    [InlineData(ContainmentKind.Quarantine, "agent:assistant", "default", true)]
    [InlineData(ContainmentKind.Quarantine, "agent:analyst", "default", false)]
    [InlineData(ContainmentKind.Quarantine, "key:key_1", "default", true)]
    [InlineData(ContainmentKind.Quarantine, "key:key_2", "default", false)]
    [InlineData(ContainmentKind.Quarantine, "user:ada", "default", true)]
    [InlineData(ContainmentKind.Throttle, "key:key_1", "default", false)]
    public void Execution_UnderWay_IsStoppedByWhatConcernsItAndNothingElse(ContainmentKind kind, string scope, string tenant, bool stopped)
    {
        var board = new ContainmentBoard(clock);
        using var execution = board.Watch("default", "key_1", "user:ada", "assistant", CancellationToken.None);
        var contained = new Contained(tenant, "ctm_1", kind, scope, 6);
        board.Replace(new ContainmentSet([contained]));

        Assert.Equal(stopped ? contained : null, execution.StoppedBy);
        Assert.Equal(stopped, board.Current.Stops("default", "key_1", "user:ada", "assistant") is not null);
    }

    [Fact]
    public async Task Execution_ThatIsStopped_IsCancelledAndItsCallersCancellationCountsToo()
    {
        var board = new ContainmentBoard(clock);
        using var execution = board.Watch("default", "key_1", "key:key_1", "assistant", CancellationToken.None);
        var waiting = Task.Delay(Timeout.InfiniteTimeSpan, clock, execution.Token);
        board.Replace(new ContainmentSet([new Contained("default", "ctm_1", ContainmentKind.Kill, "tenant", null)]));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        using var caller = new CancellationTokenSource();
        using var other = board.Watch("other", "key_1", "key:key_1", "assistant", caller.Token);
        await caller.CancelAsync();
        Assert.True(other.Token.IsCancellationRequested);
        Assert.Null(other.StoppedBy);
    }

    [Fact]
    public void Execution_ThatHasEnded_IsNotTouchedAnyMore()
    {
        var board = new ContainmentBoard(clock);
        var execution = board.Watch("default", "key_1", "key:key_1", "assistant", CancellationToken.None);
        execution.Dispose();
        board.Replace(new ContainmentSet([new Contained("default", "ctm_1", ContainmentKind.Kill, "tenant", null)]));

        Assert.Null(execution.StoppedBy);
    }

    [Fact]
    public void Throttle_HoweverRequestsCome_LetsNoMorePassThanItSays() =>
        Gen.Select(Gen.Int[1, 20], Gen.Int[0, 20].Array[1, 200]).Sample((perMinute, pauses) =>
        {
            var time = new FakeTimeProvider(clock.GetUtcNow());
            var board = new ContainmentBoard(time);
            board.Replace(new ContainmentSet([new Contained("default", "ctm_1", ContainmentKind.Throttle, "key:key_1", perMinute)]));
            var passed = new List<DateTimeOffset>();
            foreach (var pause in pauses)
            {
                if (board.Wait("default", "key:key_1") == TimeSpan.Zero)
                {
                    passed.Add(time.GetUtcNow());
                }

                time.Advance(TimeSpan.FromSeconds(pause));
            }

            // A full bucket and what flows in during a minute.
            Assert.All(passed, at => Assert.InRange(passed.Count(other => other >= at && other < at.AddMinutes(1)), 1, (2 * perMinute) + 1));
            Assert.Equal(TimeSpan.Zero, board.Wait("default", "key:key_2"));
        });

    [Fact]
    public void Throttle_ThatRefuses_SaysWhenTheNextMayCome()
    {
        var board = new ContainmentBoard(clock);
        board.Replace(new ContainmentSet([new Contained("default", "ctm_1", ContainmentKind.Throttle, "key:key_1", 1)]));
        Assert.Equal(TimeSpan.Zero, board.Wait("default", "key:key_1"));
        var wait = board.Wait("default", "key:key_1");
        Assert.Equal(TimeSpan.FromMinutes(1), wait);
        clock.Advance(wait);

        Assert.Equal(TimeSpan.Zero, board.Wait("default", "key:key_1"));
    }
}
