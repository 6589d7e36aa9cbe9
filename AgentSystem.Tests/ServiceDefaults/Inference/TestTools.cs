using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentSystem.Tests.ServiceDefaults.Inference;

/// <summary>The four tools the shipped model knows, as declarations; nothing runs them.</summary>
internal static class TestTools
{
    public static readonly AIFunctionDeclaration Calculator = Declare(
        "calculator", """{"type":"object","properties":{"expression":{"type":"string","x-copy":"numbers","pattern":"^[0-9.+\\-*/()%^]+$"}},"required":["expression"]}""");

    public static readonly AIFunctionDeclaration Clock = Declare(
        "clock", """{"type":"object","properties":{"place":{"type":"string","x-copy":"span"}}}""");

    public static readonly AIFunctionDeclaration Recall = Declare(
        "recall", """{"type":"object","properties":{"subject":{"type":"string","x-copy":"span"}},"required":["subject"]}""");

    public static readonly AIFunctionDeclaration Remember = Declare(
        "remember", """{"type":"object","properties":{"fact":{"type":"string","x-copy":"span"}},"required":["fact"]}""");

    public static readonly AIFunctionDeclaration Search = Declare(
        "search", """{"type":"object","properties":{"query":{"type":"string","x-copy":"span"}},"required":["query"]}""");

    public static readonly AIFunctionDeclaration[] All = [Calculator, Clock, Recall, Remember, Search];

    public static AIFunctionDeclaration Declare(string name, string schema) =>
        AIFunctionFactory.CreateDeclaration(name, $"The {name}.", JsonDocument.Parse(schema).RootElement.Clone());
}
