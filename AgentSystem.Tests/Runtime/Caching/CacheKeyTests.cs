using AgentSystem.Contracts.Agents;
using AgentSystem.Runtime.Caching;
using CsCheck;
using Microsoft.Extensions.AI;

namespace AgentSystem.Tests.Runtime.Caching;

public sealed class CacheKeyTests
{
    private static readonly AgentDefinition Agent = new("t", "assistant", 1, "assistant", "general", "", "small", "Be kind.", ["calculator"], new AgentLimits(), QualityMode.Stream);

    [Fact]
    public void Of_TheSameRequest_IsTheSameKey() => Assert.Equal(Key(), Key());

    [Fact]
    public void Of_AnythingThatMatters_ChangesTheKey()
    {
        string?[] keys =
        [
            Key(),
            Key(tenant: "other"),
            Key(user: "other"),
            Key(agent: Agent with { Version = 2 }),
            Key(agent: Agent with { Model = "large" }),
            Key(agent: Agent with { Instructions = "Be curt." }),
            Key(text: "hello!"),
            Key(options: new ChatOptions { MaxOutputTokens = 5 }),
            Key(options: new ChatOptions { Temperature = 0.5f, Seed = 1 }),
            Key(options: new ChatOptions { Temperature = 0.5f, Seed = 2 }),
            Key(options: new ChatOptions { ResponseFormat = ChatResponseFormat.Json }),
            Key(options: new ChatOptions { StopSequences = ["x"] }),
            Key(options: new ChatOptions { ToolMode = ChatToolMode.None }),
            Key(options: new ChatOptions { ToolMode = ChatToolMode.RequireAny }),
            Key(options: new ChatOptions { ToolMode = ChatToolMode.RequireSpecific("calculator") }),
            Key(permitted: ["calculator"]),
        ];

        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.All(keys, Assert.NotNull);
    }

    [Fact]
    public void Of_TextsCutDifferently_NeverCollide() =>
        Gen.Select(Gen.String, Gen.String).Sample((a, b) =>
            b.Length == 0 || CacheKey.Of("t", "u", Agent, [new(ChatRole.User, a), new(ChatRole.User, b)], new ChatOptions(), ["*"])
            != CacheKey.Of("t", "u", Agent, [new(ChatRole.User, a + b)], new ChatOptions(), ["*"]));

    [Fact]
    public void Of_ARequestForVariety_IsNotCached() => Assert.Null(Key(options: new ChatOptions { Temperature = 1 }));

    [Fact]
    public void Of_AClientsOwnTools_IsNotCached() =>
        Assert.Null(Key(options: new ChatOptions { Tools = [AIFunctionFactory.CreateDeclaration("f", "", System.Text.Json.JsonElement.Parse("{}"))] }));

    private static string? Key(string tenant = "t", string user = "u", AgentDefinition? agent = null, string text = "hello", ChatOptions? options = null, string[]? permitted = null) =>
        CacheKey.Of(tenant, user, agent ?? Agent, [new ChatMessage(ChatRole.User, text)], options ?? new ChatOptions(), permitted ?? ["*"]);
}
