using AgentSystem.Contracts.Models;
using AgentSystem.Runtime.Agents.Rules;

namespace AgentSystem.Tests.Runtime.Agents.Rules;

public sealed class ModelRulesTests
{
    private static readonly ModelView[] Models =
    [
        Model("a", "b"), Model("b", "c"), Model("c"), Model("round", "about"), Model("about", "round"), Model("back", "a"), Model("vectors") with { Kind = ModelKind.Embedding },
    ];

    [Fact]
    public void Read_NamesInOtherCase_AreKeptAsConfigured()
    {
        var choice = ModelRules.Read("A", ["C"], Models);
        Assert.Equal(("a", null, null), (choice.Model, choice.ModelFailure, choice.FallbackFailure));
        Assert.Equal(["c"], choice.Fallbacks!);
    }

    [Fact]
    public void Read_WithoutFallbacks_KeepsTheModelsOwnOrder() => Assert.Null(ModelRules.Read("a", null, Models).Fallbacks);

    [Theory]
    [InlineData("vectors", null, "unsuitable_model", "model")]
    [InlineData("a", "vectors", "unsuitable_model", "fallbacks[0]")]
    [InlineData("a", "c,nothing", "unknown_model", "fallbacks[1]")]
    [InlineData("a", "c,C", "invalid_value", "fallbacks[1]")]
    [InlineData("a", "A", "invalid_value", "fallbacks[0]")]
    [InlineData("round", null, "cyclic_fallbacks", "model")]
    [InlineData("c", "round", "cyclic_fallbacks", "fallbacks")]
    [InlineData("c", "a", "cyclic_fallbacks", "fallbacks")]
    public void Read_WrongNames_SaysWhich(string model, string? fallbacks, string code, string param)
    {
        var choice = ModelRules.Read(model, fallbacks?.Split(','), Models);
        var failure = choice.ModelFailure ?? choice.FallbackFailure;
        Assert.Equal((code, param), (failure!.Code, failure.Member));
    }

    [Theory]
    [InlineData("a", null, null)]
    [InlineData("a", "c,b", null)]
    [InlineData("round", null, "round -> about -> round")]
    [InlineData("back", null, null)]
    [InlineData("b", "back", "b -> back -> a -> b")]
    [InlineData("b", "c,round", "round -> about -> round")]
    [InlineData("round", "c", null)]
    public void Cycle_AlongTheFallbacks_IsNamedWithItsPath(string model, string? own, string? path)
    {
        var cycle = ModelRules.Cycle(model, own?.Split(','), Models);
        Assert.Equal(path, cycle is null ? null : string.Join(" -> ", cycle.SkipWhile(name => name != cycle[^1])));
    }

    private static ModelView Model(string name, params string[] fallbacks) => new(name, "scripted", name, null, 0, 0, Fallbacks: fallbacks);
}
