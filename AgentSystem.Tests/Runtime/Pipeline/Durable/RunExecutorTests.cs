using AgentSystem.Contracts.Agents;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Runs;
using AgentSystem.Contracts.Security;
using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Resilience;
using AgentSystem.Runtime.Runs;
using AgentSystem.Runtime.Security;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSystem.Tests.Runtime.Pipeline.Durable;

public sealed class RunExecutorTests(TestPostgres postgres) : IAsyncDisposable
{
    private RunHouse? house;

    private RunHouse House => house ?? throw new InvalidOperationException("Open it first.");

    public ValueTask DisposeAsync() => house?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Execute_AllEffects_RecordsStepsEventsUsageAndTheAnswer()
    {
        await OpenAsync(ToolScript.AllEffects);
        var run = await House.SubmitAsync();
        await House.DrainAsync();
        var waiting = await House.FindAsync(run.Id);
        await House.DecideAsync(run.Id, approved: true);
        await House.DrainAsync();

        var ended = await House.FindAsync(run.Id);
        Assert.Equal(RunStatus.Waiting, waiting.Status);
        Assert.Equal((RunStatus.Success, "all done", 1), (ended.Status, ended.Output, ended.AgentVersion));
        var steps = await House.StepsAsync(run.Id);
        Assert.Equal(["m0", "m0.t0", "m1", "m1.t0", "m1.t1", "m2", "m2.t0", "m3"], steps.Select(step => step.Key));
        Assert.All(steps, step => Assert.Equal((StepStatus.Done, 1), (step.Status, step.Attempts)));
        Assert.Equal([ToolEffect.Read, ToolEffect.Idempotent, ToolEffect.Once, ToolEffect.Unsafe], steps.Where(step => step.Call is not null).Select(step => step.Call!.Effect));
        Assert.Equal(House.Calls.Select(call => call.Id), steps.Where(step => step.Call is not null).Select(step => step.Call!.Id));
        // Four model calls of ten tokens each; the replay after the approval costs nothing.
        Assert.Equal((40, 4), (ended.InputTokens, House.Model.Asked.Count));
        Assert.Equal(ended.CostUsd, steps.Sum(step => step.CostUsd));
        var events = await House.EventsAsync(run.Id);
        Assert.Equal("all done", string.Concat(events.Where(one => one.Type == RunEvents.Delta && one.Data.GetProperty("index").GetInt32() == 8).Select(one => one.Data.GetProperty("text").GetString())));
        Assert.Equal(
            ["pending", "running", "waiting", "pending", "running", "success"], events.Where(one => one.Type == RunEvents.Status).Select(one => one.Data.GetProperty("status").GetString()));
        Assert.Equal((RunEvents.Finished, "all done"), (events[^1].Type, events[^1].Data.GetProperty("output").GetString()));
    }

    [Fact]
    public async Task Execute_AnUnsafeCallThatWasRejected_TellsTheModelTheReason()
    {
        await OpenAsync(ToolScript.InOrder(() => ToolScript.Calls("fire"), () => Turn.Says("understood")));
        var run = await House.SubmitAsync();
        await House.DrainAsync();
        var asked = Assert.Single(await House.EventsAsync(run.Id), one => one.Type == RunEvents.ApprovalRequired);
        await House.DecideAsync(run.Id, approved: false, "not on Sundays");
        await House.DrainAsync();

        Assert.Equal(("approval", """{"n":"fire"}"""), (asked.Data.GetProperty("reason").GetString(), asked.Data.GetProperty("arguments").GetRawText()));
        Assert.Equal((RunStatus.Success, 0), ((await House.FindAsync(run.Id)).Status, House.Count("fire")));
        Assert.Contains("not on Sundays", House.Model.Asked.Last().Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Single().Result?.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decide_ForOtherArguments_IsNotTaken()
    {
        await OpenAsync(ToolScript.InOrder(() => ToolScript.Calls("fire"), () => Turn.Says("fired")));
        var run = await House.SubmitAsync();
        await House.DrainAsync();
        var call = (await House.StepsAsync(run.Id))[1].Call!;

        var wrong = await House.Store.DecideAsync(RunHouse.Everybody, run.Id, new NewDecision(call.Id, ToolArguments.Hash("fire", """{"n":"more"}"""), true, null, "key-2"), default);

        Assert.False(wrong.Taken);
        Assert.Equal(RunStatus.Waiting, (await House.FindAsync(run.Id)).Status);
        Assert.True((await House.Store.DecideAsync(RunHouse.Everybody, run.Id, new NewDecision(call.Id, call.ArgumentsHash, true, null, "key-2"), default)).Taken);
        Assert.False((await House.Store.DecideAsync(RunHouse.Everybody, run.Id, new NewDecision(call.Id, call.ArgumentsHash, true, null, "key-2"), default)).Taken);
    }

    [Fact]
    public async Task Execute_AOnceToolThatFails_IsUnknownUntilAPersonSaysMakeItAgain()
    {
        await OpenAsync(ToolScript.InOrder(() => ToolScript.Calls("pay"), () => Turn.Says("paid")));
        House.Tools["pay"].Fault = new IOException("the line is dead");
        var run = await House.SubmitAsync();
        await House.DrainAsync();
        Assert.Equal((RunStatus.Waiting, StepStatus.Unknown), ((await House.FindAsync(run.Id)).Status, (await House.StepsAsync(run.Id))[1].Status));
        House.Tools["pay"].Fault = null;
        await House.DecideAsync(run.Id, approved: true);
        await House.DrainAsync();

        Assert.Equal((RunStatus.Success, 2), ((await House.FindAsync(run.Id)).Status, House.Count("pay")));
        Assert.Single(House.Calls.Distinct());
    }

    [Theory]
    [InlineData("look")]
    [InlineData("put")]
    public async Task Execute_ARepeatableToolThatFails_IsRetriedWithTheSameKeyAndThenTold(string tool)
    {
        await OpenAsync(ToolScript.InOrder(() => ToolScript.Calls(tool), () => Turn.Says("it failed")));
        House.Tools[tool].Fault = new IOException("the line is dead");
        var run = await House.SubmitAsync();
        await House.DrainAsync();

        Assert.Equal((RunStatus.Success, EffectRules.Tries), ((await House.FindAsync(run.Id)).Status, House.Count(tool)));
        Assert.Single(House.Calls.Distinct());
        Assert.Equal(EffectRules.Fault, (await House.StepsAsync(run.Id))[1].Result);
    }

    [Fact]
    public async Task Execute_AModelThatIsAway_IsTriedAgainAndIsADeadLetterInTheEnd()
    {
        await OpenAsync(_ => Turn.Fails(new ModelCallException(new ModelFailure(503, "model_overloaded", "It is overloaded.", false, TimeSpan.FromMilliseconds(1)))));
        var run = await House.SubmitAsync();
        var attempts = 0;
        while (!(await House.FindAsync(run.Id)).HasEnded)
        {
            foreach (var held in await House.Queue.ClaimAsync("a", 1, RunHouse.Lease, 3, default))
            {
                attempts++;
                await House.Executor(options: new RunOptions { MaxAttempts = 3, RetryDelay = TimeSpan.Zero }).ExecuteAsync(held, default, default);
            }
        }

        var dead = await House.FindAsync(run.Id);
        Assert.Equal((3, RunStatus.Error, "model_overloaded"), (attempts, dead.Status, dead.Error!.Code));
        Assert.NotNull(dead.DeadAt);
    }

    [Fact]
    public async Task Execute_AModelThatRefuses_EndsAtOnceAndIsNoDeadLetter()
    {
        await OpenAsync(_ => Turn.Fails(new ModelCallException(new ModelFailure(502, "model_refused_request", "It will not.", false))));
        var run = await House.SubmitAsync();
        await House.DrainAsync();

        var ended = await House.FindAsync(run.Id);
        Assert.Equal((RunStatus.Error, "model_refused_request", null), (ended.Status, ended.Error!.Code, ended.DeadAt));
    }

    [Fact]
    public async Task Execute_TimeOfEarlierExecutions_CountsAgainstTheLimit()
    {
        await OpenAsync(_ => Turn.Says("too late"), new AgentLimits(MaxSteps: 4, MaxSeconds: 30));
        var run = await House.SubmitAsync();
        await using (var use = House.Database.Source.CreateCommand("UPDATE agentsystem.runs SET used = interval '31 seconds'"))
        {
            await use.ExecuteNonQueryAsync();
        }

        await House.DrainAsync();

        var ended = await House.FindAsync(run.Id);
        Assert.Equal((RunStatus.Timeout, "deadline_exceeded"), (ended.Status, ended.Error!.Code));
    }

    [Fact]
    public async Task Execute_ARunWhoseKeyWasRevoked_EndsWithoutAskingAnyModel()
    {
        await OpenAsync(ToolScript.AllEffects);
        var run = await House.SubmitAsync();
        var key = new KeyView("key-1", "key", "as-12345678", Tenants.Default, null, null, [], [], [], KeyLimits.None, DateTimeOffset.UnixEpoch, null, DateTimeOffset.UnixEpoch, null);
        await House.Services.GetRequiredService<IKeyStore>().AddAsync(new StoredKey(new byte[32], key), default);
        await House.DrainAsync();

        var ended = await House.FindAsync(run.Id);
        Assert.Equal((RunStatus.Error, "key_revoked"), (ended.Status, ended.Error!.Code));
        Assert.Empty(House.Model.Asked);
    }

    [Fact]
    public async Task Execute_AskedToHandBack_StopsAtTheNextBorderAndLosesNothing()
    {
        await OpenAsync(ToolScript.InOrder(() => ToolScript.Calls("pay"), () => Turn.Says("paid")));
        using var handBack = new CancellationTokenSource();
        House.Tools["pay"].Before = async _ => await handBack.CancelAsync();
        var run = await House.SubmitAsync();
        await House.Executor().ExecuteAsync(await House.ClaimAsync(), handBack.Token, default);

        var given = await House.FindAsync(run.Id);
        Assert.Equal((RunStatus.Pending, 2), (given.Status, (await House.StepsAsync(run.Id)).Count));
        await House.DrainAsync();
        Assert.Equal((RunStatus.Success, 1, 2), ((await House.FindAsync(run.Id)).Status, House.Count("pay"), House.Model.Asked.Count));
    }

    [Fact]
    public async Task Execute_InGateMode_TellsTheAnswerOnlyOnceItHasPassed()
    {
        await OpenAsync(_ => Turn.Says("judged first"), quality: QualityMode.Gate);
        var run = await House.SubmitAsync();
        await House.DrainAsync();

        var events = await House.EventsAsync(run.Id);
        Assert.Equal("judged first", string.Concat(events.Where(one => one.Type == RunEvents.Delta).Select(one => one.Data.GetProperty("text").GetString())));
        Assert.True(events.First(one => one.Type == RunEvents.Delta).Number > events.First(one => one.Type == RunEvents.StepFinished).Number);
    }

    [Fact]
    public async Task Execute_OnAThread_ReadsItsHistoryAsItWasAndAddsItsTurn()
    {
        await OpenAsync(messages => Turn.Says($"{messages.Count(message => message.Role == ChatRole.User)} questions"));
        foreach (var question in new[] { "one", "two" })
        {
            await House.SubmitAsync(RunHouse.NewRun(question) with { ThreadId = "thread_1", BeginsThread = question == "one" });
        }

        await House.DrainAsync();

        var messages = await House.Threads.MessagesAsync(new("default", "user:ada"), "thread_1", new(false, null, 10), default);
        Assert.Equal(["one", "1 questions", "two", "2 questions"], messages!.Select(message => message.Text));
        Assert.Equal(2, messages!.Select(message => message.RequestId).Distinct().Count());
    }

    private async Task OpenAsync(Func<IReadOnlyList<ChatMessage>, Turn> script, AgentLimits? limits = null, QualityMode quality = QualityMode.Stream)
    {
        house = await RunHouse.CreateAsync(postgres, limits, quality);
        house.Model.Otherwise = script;
    }
}
