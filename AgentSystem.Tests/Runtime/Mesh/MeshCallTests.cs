using System.Data.Common;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using AgentSystem.Contracts.Roles;
using AgentSystem.Runtime.Mesh;
using AgentSystem.Runtime.Resilience;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentSystem.Tests.Runtime.Mesh;

/// <summary>Calls of roles over real sockets: what travels with them, and what becomes of them when something breaks.</summary>
public sealed class MeshCallTests : IAsyncDisposable
{
    private static readonly RememberRequest Something = new() { Tenant = "t", User = "Zoë 🙂", Agent = "a", Text = "something" };

    private readonly MeshHouse house = new();
    private readonly ScriptedRole script = new();

    public ValueTask DisposeAsync() => house.DisposeAsync();

    [Fact]
    public async Task Call_OfARoleHere_IsACallOfTheImplementationItself()
    {
        await using var services = new ServiceCollection().AddSingleton(script).AddMesh(MeshPlan.Alone, 1).AddRole<IMemoryService, ScriptedMemory>(MeshPlan.Alone, RoleNames.Memory).BuildServiceProvider();

        Assert.IsType<ScriptedMemory>(services.GetRequiredService<IMemoryService>());
    }

    [Fact]
    public async Task Call_WithEveryMember_ArrivesWholeAndSoDoesItsReply()
    {
        var memory = await MemoryAsync();

        Assert.Equal("something", (await memory.RememberAsync(Something, default)).Id);
        var found = (await memory.RecallAsync(new RecallRequest { Tenant = "t", Query = "Zoë 🙂\n\"", Limit = 3 }, default)).Found;

        Assert.Equal(
            [new FoundStatement { Id = "m0", Text = "Zoë 🙂\n\"", Score = 1, AtTicks = 0 }, new FoundStatement { Id = "m1", Text = "Zoë 🙂\n\"", Score = 0.5, AtTicks = 1 }, new FoundStatement { Id = "m2", Text = "Zoë 🙂\n\"", Score = 1.0 / 3, AtTicks = 2 }],
            found);
    }

    [Fact]
    public async Task Call_InACallersScope_ActsInItThereWithItsTrace()
    {
        using var listener = new ActivityListener { ShouldListenTo = static _ => true, Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData };
        ActivitySource.AddActivityListener(listener);
        (MeshScope? Scope, string? Trace) there = default;
        script.Remember = (text, _) =>
        {
            there = (MeshScope.Current, Activity.Current?.TraceId.ToString());
            return Task.FromResult(text);
        };
        var memory = await MemoryAsync();
        var until = TimeProvider.System.GetUtcNow().AddSeconds(20);

        using var source = new ActivitySource("AgentSystem.Tests.Mesh");
        using var activity = source.StartActivity("call");
        using (MeshScope.Begin(new MeshScope("t", "key_1", "Zoë 🙂", ["chat", "agents:read"], until)))
        {
            await memory.RememberAsync(Something, default);
        }

        Assert.Equal(("t", "key_1", "Zoë 🙂"), (there.Scope!.Tenant, there.Scope.KeyId, there.Scope.User));
        Assert.Equal(["chat", "agents:read"], there.Scope.Scopes);
        // grpc-timeout says what is left, so the moment may differ by the way there.
        Assert.InRange((there.Scope.Deadline!.Value - until).Duration(), TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.Equal(activity!.TraceId.ToString(), there.Trace);
    }

    [Fact]
    public async Task Call_ForAnotherTenantThanItsCallers_IsRefusedAndNotCarriedOut()
    {
        var memory = await MemoryAsync();
        using var scope = MeshScope.Begin(new MeshScope("somebody else", "k", "u", [], null));

        var refused = await Assert.ThrowsAsync<RoleCallException>(async () => await memory.RememberAsync(Something, default));

        Assert.Equal((RoleFailure.Refused, 0), (refused.Failure, script.Calls));
    }

    [Fact]
    public async Task Call_WhoseTimeIsOver_EndsAtBothEnds()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        script.Remember = async (text, cancellation) =>
        {
            await using var end = cancellation.Register(ended.SetResult);
            await ended.Task;
            cancellation.ThrowIfCancellationRequested();
            return text;
        };
        var memory = await MemoryAsync();
        using var scope = MeshScope.Begin(new MeshScope("t", "k", "u", [], TimeProvider.System.GetUtcNow().AddSeconds(1)));

        var late = await Assert.ThrowsAsync<RoleCallException>(async () => await memory.RememberAsync(Something, default));

        Assert.Equal((RoleFailure.Late, 504), (late.Failure, late.Status));
        await ended.Task;
        Assert.Equal(1, script.Calls);
    }

    [Fact]
    public async Task Stream_ThatIsGivenUp_EndsThere()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        script.Answer = (_, cancellation) => OneThenNothingAsync(ended, cancellation);
        var inference = house.Caller(MeshHouse.Address(await house.ServeAsync(script))).GetRequiredService<IInferenceService>();
        using var given = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var piece in inference.AnswerAsync(new AnswerRequest { Model = "m" }, given.Token))
            {
                // It came while the rest is not there yet: a stream stays one.
                Assert.Equal("one", piece.Update);
                await given.CancelAsync();
            }
        });

        await ended.Task;
    }

    [Fact]
    public async Task Call_OfARoleWhoseOneProcessIsGone_GoesToTheOtherAndCostsNoRetry()
    {
        var gone = await house.ServeAsync(new ScriptedRole());
        var there = await house.ServeAsync(script);
        var services = house.Caller(MeshHouse.Address(gone, there));
        await gone.DisposeAsync();

        for (var call = 0; call < 8; call++)
        {
            await services.GetRequiredService<IMemoryService>().RememberAsync(Something, default);
        }

        Assert.Equal(8, script.Calls);
        Assert.All(services.GetRequiredService<PeerResilience>().Peers, static peer => Assert.Equal(10, peer.RetriesLeft));
    }

    [Fact]
    public async Task Call_OfARoleThatIsAway_SaysSoWithARetryHint()
    {
        var gone = await house.ServeAsync(script);
        var memory = house.Caller(MeshHouse.Address(gone)).GetRequiredService<IMemoryService>();
        await gone.DisposeAsync();

        var away = await Assert.ThrowsAsync<RoleCallException>(async () => await memory.RememberAsync(Something, default));

        Assert.Equal((RoleFailure.Away, 503, true), (away.Failure, away.Status, away.NotStarted));
        Assert.NotNull(away.RetryAfter);
        Assert.Contains("Services:memory", (await Assert.ThrowsAsync<RoleCallException>(async () => await house.Caller("dns:///no-such-name.invalid:1").GetRequiredService<IMemoryService>().RememberAsync(Something, default))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_ThatFailsThere_IsToldWithoutItsTextAndNotMadeAgain()
    {
        script.Remember = static (_, _) => throw new InvalidOperationException("the secret of u1");
        var memory = await MemoryAsync();

        var failed = await Assert.ThrowsAsync<RoleCallException>(async () => await memory.RememberAsync(Something, default));

        Assert.Equal((RoleFailure.Failed, 1), (failed.Failure, script.Calls));
        Assert.DoesNotContain("secret", failed.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, RoleFailure.StoreAway, "store_unavailable")]
    [InlineData(false, RoleFailure.Lacking, "role_unavailable")]
    public async Task Call_WhoseRoleLacksWhatItNeeds_SaysSoAndIsNotTakenForOneThatWasNotCarriedOut(bool store, RoleFailure failure, string code)
    {
        script.Remember = (_, _) => throw (store ? new StoreAwayException() : new RoleCallException(RoleNames.Tools, RoleFailure.Away, "Nobody is there."));
        var memory = house.Caller(MeshHouse.Address(await house.ServeAsync(script), await house.ServeAsync(script))).GetRequiredService<IMemoryService>();

        var lacking = await Assert.ThrowsAsync<RoleCallException>(async () => await memory.RememberAsync(Something, default));

        Assert.Equal((failure, code, 503, false), (lacking.Failure, lacking.Code, lacking.Status, lacking.NotStarted));
        Assert.NotNull(lacking.RetryAfter);
        Assert.Equal(1, script.Calls);
    }

    [Fact]
    public async Task Call_OfAProcessThatIsFull_GoesToTheOther()
    {
        var full = new ScriptedRole { Remember = static (_, _) => throw new RoleCallException(RoleNames.Memory, RoleFailure.Full, "All slots are taken.") };
        var services = house.Caller(MeshHouse.Address(await house.ServeAsync(full), await house.ServeAsync(script)));

        for (var call = 0; call < 8; call++)
        {
            await services.GetRequiredService<IMemoryService>().RememberAsync(Something, default);
        }

        Assert.Equal(8, script.Calls);
        Assert.All(services.GetRequiredService<PeerResilience>().Peers, static peer => Assert.Equal("closed", peer.State));
    }

    [Fact]
    public async Task Stream_OfAProcessThatEnds_FinishesAndNewCallsGoElsewhere()
    {
        var more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ending = new ScriptedRole { Answer = (_, _) => OneThenTwoAsync(more.Task) };
        var first = await house.ServeAsync(ending);
        var inference = house.Caller(MeshHouse.Address(first)).GetRequiredService<IInferenceService>();
        await using var pieces = inference.AnswerAsync(new AnswerRequest { Model = "m" }, default).GetAsyncEnumerator();
        Assert.True(await pieces.MoveNextAsync());

        var stopped = first.StopAsync();
        var second = await house.ServeAsync(script);
        await house.Caller(MeshHouse.Address(first, second)).GetRequiredService<IMemoryService>().RememberAsync(Something, default);
        more.SetResult();

        Assert.True(await pieces.MoveNextAsync());
        Assert.Equal("two", pieces.Current.Update);
        Assert.False(await pieces.MoveNextAsync());
        await stopped;
        Assert.Equal((1, 1), (ending.Calls, script.Calls));
    }

    private sealed class StoreAwayException() : DbException("the secret of u1");

    private static async IAsyncEnumerable<string> OneThenNothingAsync(TaskCompletionSource ended, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        yield return "one";
        await using var end = cancellation.Register(ended.SetResult);
        await ended.Task;
        cancellation.ThrowIfCancellationRequested();
    }

    private static async IAsyncEnumerable<string> OneThenTwoAsync(Task more)
    {
        yield return "one";
        await more;
        yield return "two";
    }

    private async Task<IMemoryService> MemoryAsync() => house.Caller(MeshHouse.Address(await house.ServeAsync(script))).GetRequiredService<IMemoryService>();
}
