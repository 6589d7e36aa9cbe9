using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Runs;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Runs;

public sealed class EffectRulesTests
{
    private const string Hash = "these arguments";

    private static readonly Gen<ToolEffect> Effects = OneOf(Enum.GetValues<ToolEffect>());
    private static readonly Gen<CallDecision?> Decisions = OneOf<CallDecision?>(null, Decision(true), Decision(false));
    private static readonly Gen<StepStatus> States = OneOf(StepStatus.Planned, StepStatus.Started, StepStatus.Unknown);

    [Fact]
    public void Next_AnyState_NeverRepeatsAnEffectThatNobodyApproved() =>
        Gen.Select(Effects, Effects, States, Decisions, Gen.Bool).Sample((now, planned, status, decision, same) =>
        {
            var move = EffectRules.Next(now, Step(planned, status, decision, same ? Hash : "other arguments"), Hash);
            var repeatable = EffectRules.MayRepeat(now) && EffectRules.MayRepeat(planned);
            var approved = same && decision is { Approved: true } && status != StepStatus.Started;
            Assert.Equal(repeatable || approved, move == CallMove.Make);
            Assert.Equal(!repeatable && same && decision is { Approved: false } && status != StepStatus.Started, move == CallMove.Refuse);
        });

    [Fact]
    public void Next_NothingRecorded_AsksFirstForUnsafeToolsOnly() =>
        Assert.Equal([CallMove.Make, CallMove.Make, CallMove.Make, CallMove.AskFirst], Enum.GetValues<ToolEffect>().Select(effect => EffectRules.Next(effect, null, Hash)));

    [Fact]
    public void Arguments_InAnyOrder_HaveOneForm() =>
        Gen.Dictionary(Gen.String[Gen.Char.AlphaNumeric, 1, 6], Gen.String)[1, 6].Sample(arguments =>
        {
            var forth = arguments.Select(pair => KeyValuePair.Create(pair.Key, (object?)pair.Value)).ToArray();
            Assert.Equal(ToolArguments.Write(forth), ToolArguments.Write(forth.Reverse()));
        });

    [Fact]
    public void CallId_OfAnyTwoPlaces_Differs() =>
        Gen.Select(Gen.Int[0, 200], Gen.Int[0, 20], Gen.Int[0, 200], Gen.Int[0, 20]).Sample((a, b, c, d) =>
            Assert.Equal((a, b) == (c, d), RunIds.Call("run_1", a, b) == RunIds.Call("run_1", c, d)));

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static CallDecision Decision(bool approved) => new(approved, null, "key", DateTimeOffset.UnixEpoch);

    private static RunStep Step(ToolEffect effect, StepStatus status, CallDecision? decision, string hash) => new()
    {
        Index = 1, Key = "m0.t0", Kind = StepKind.Tool, Name = "tool", Status = status, StartedAt = DateTimeOffset.UnixEpoch, Call = new ToolCallEntry("id", effect, "{}", hash, decision),
    };
}
