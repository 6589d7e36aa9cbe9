using System.Text.Json.Nodes;
using AgentSystem.Contracts.Agents;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Agents.Comparison;
using AgentSystem.Tests.Conformance;

namespace AgentSystem.Tests.Runtime.Agents.Comparison;

public sealed class AgentComparisonTests
{
    private static readonly AgentDefinition Plain = AgentStoreConformance.Agent("a");

    [Fact]
    public void Compare_TheSame_HasNoChanges() => Assert.Empty(Changes(Plain, Plain with { Version = 2, Memory = [], Scaling = new AgentScaling() }));

    [Fact]
    public void Compare_FreeMembers_KeepsNullAndDotsApart()
    {
        var before = Plain with { Memory = new JsonObject { ["a.b"] = 1, ["gone"] = null, ["same"] = new JsonArray(1, 2) } };
        var after = Plain with { Memory = new JsonObject { ["a"] = new JsonObject { ["b"] = 1 }, ["same"] = new JsonArray(1, 2), ["empty"] = new JsonObject() } };

        Assert.Equal(
            [("memory[\"a.b\"]", "1", null), ("memory.gone", "null", null), ("memory.a.b", null, "1"), ("memory.empty", null, "{}")],
            Changes(before, after).Select(change => (change.Member, change.Before, change.After)));
    }

    [Fact]
    public void Compare_WhatWasNotThere_IsNullNotTheWord()
    {
        var change = Assert.Single(Changes(Plain, Plain with { Resources = new AgentResources(CpuRequest: "500m") }));
        Assert.Equal(("resources.cpu_request", null, "\"500m\""), (change.Member, change.Before, change.After));
    }

    [Fact]
    public void Compare_Lists_AreOneMember()
    {
        var change = Assert.Single(Changes(Plain, Plain with { Tools = ["clock", "recall"] }));
        Assert.Equal(("tools", "[\"clock\"]", "[\"clock\",\"recall\"]"), (change.Member, change.Before, change.After));
        Assert.Null(change.Lines);
    }

    private static IReadOnlyList<AgentChange> Changes(AgentDefinition before, AgentDefinition after)
    {
        var state = new AgentState(1, 2, false);
        return AgentComparison.Compare(new AgentRecord(before, state, default, "one"), new AgentRecord(after, state, DateTimeOffset.MaxValue, "other")).Changes;
    }
}
