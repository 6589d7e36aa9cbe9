using System.Text.Json;
using AgentSystem.Contracts.Models;
using AgentSystem.ServiceDefaults.Inference;
using AgentSystem.ServiceDefaults.Inference.Onnx;
using AgentSystem.ServiceDefaults.Inference.Onnx.Decoding;
using CsCheck;
using Microsoft.Extensions.AI;
using Xunit;

namespace AgentSystem.Tests.ServiceDefaults.Inference.Onnx;

/// <summary>A network of random numbers behind the real tokenizer: whatever it prefers, what leaves the engine keeps to the rules.</summary>
public sealed class ConstrainedDecodingTests
{
    private static readonly string[] Words = ["What", "is", "17", "2.5", "Oslo,", "\"New", "York\"", "my\\key", "東京", "it's", "4", "May.", "ok?", "🙂"];

    private static readonly Gen<string> Sentence = Gen.Int[0, Words.Length - 1].Select(index => Words[index]).Array[1, 10].Select(words => string.Join(' ', words));

    private static readonly AIFunctionDeclaration Note = TestTools.Declare(
        "note", """{"type":"object","properties":{"text":{"type":"string"},"kind":{"type":"string","enum":["a b","c"]},"place":{"type":"string","x-copy":"span"}},"required":["kind"]}""");

    private static readonly AIFunctionDeclaration Order = TestTools.Declare(
        "order",
        """
        {"type":"object","properties":{"count":{"type":"integer","minimum":1},"gift":{"type":"boolean"},"weight":{"type":"number"},"size":{"type":["integer","null"],"enum":[1,20]}},"required":["count","gift"]}
        """);

    [Fact]
    public void RequiredCall_WhateverTheLogits_FitsItsSchemaOrIsAnError() =>
        Gen.Select(Gen.Int, Sentence).Sample((seed, sentence) =>
        {
            using var client = TestModels.Open(FakeDecoderModel.Random(TestModels.Tokenizer.VocabularySize, seed), out _);
            var options = new ChatOptions { Tools = [.. TestTools.All, Note], ToolMode = ChatToolMode.RequireAny, MaxOutputTokens = 400 };
            try
            {
                var answer = client.GetResponseAsync(sentence, options).GetAwaiter().GetResult();
                Assert.Equal(ChatFinishReason.ToolCalls, answer.FinishReason);
                Assert.Empty(answer.Text);
                CheckCall(Assert.Single(answer.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>()), sentence);
            }
            catch (ModelCallMissingException e)
            {
                // Only what cannot be filled (no number to copy) or was cut off.
                Assert.True(e.Message.Contains("limit of output tokens", StringComparison.Ordinal) || !NumbersMatcher.Numbers(sentence).Any(), e.Message);
            }
        }, iter: 300, threads: 1);

    [Fact]
    public void RequiredCall_WithNumbersAndBooleans_WhateverTheLogits_FitsItsSchemaOrIsAnError() =>
        Gen.Select(Gen.Int, Sentence).Sample(static (seed, sentence) =>
        {
            using var client = TestModels.Open(FakeDecoderModel.Random(TestModels.Tokenizer.VocabularySize, seed), out _);
            var options = new ChatOptions { Tools = [Order], ToolMode = ChatToolMode.RequireAny, MaxOutputTokens = 400 };
            try
            {
                var call = Assert.Single(client.GetResponseAsync(sentence, options).GetAwaiter().GetResult().Messages.SelectMany(static message => message.Contents).OfType<FunctionCallContent>());
                var arguments = JsonDocument.Parse(JsonText.Write(call.Arguments!)).RootElement;
                Assert.InRange(arguments.GetProperty("count").GetInt64(), 1, 999_999_999_999_999);
                Assert.True(arguments.GetProperty("gift").ValueKind is JsonValueKind.True or JsonValueKind.False);
                Assert.True(!arguments.TryGetProperty("weight", out var weight) || weight.ValueKind == JsonValueKind.Number);
                Assert.True(!arguments.TryGetProperty("size", out var size) || size.GetInt32() is 1 or 20);
            }
            catch (ModelCallMissingException e)
            {
                // What is out of its range, or was cut off.
                Assert.NotEmpty(e.Message);
            }
        }, iter: 200, threads: 1);

    [Theory]
    [InlineData("""{"count": 3, "gift": true}""", true)]
    [InlineData("""{"count": 3, "gift": false, "weight": -2.5, "size": 20}""", true)]
    [InlineData("""{"count": "3", "gift": true}""", false)]
    [InlineData("""{"count": 3.5, "gift": true}""", false)]
    [InlineData("""{"count": 0, "gift": true}""", false)]
    [InlineData("""{"count": 3, "gift": "true"}""", false)]
    [InlineData("""{"count": 3, "gift": 1}""", false)]
    [InlineData("""{"count": 3, "gift": true, "size": 2}""", false)]
    [InlineData("""{"gift": true}""", false)]
    public void Parse_ACallWithNumbersAndBooleans_TakesWhatTheSchemaSays(string arguments, bool taken)
    {
        var parser = new ToolCallParser(ToolCallFormat.Hermes, [ToolSchema.Read(Order)], new CopySources("two", null));

        Assert.Equal(taken, parser.Parse($$"""{"name": "order", "arguments": {{arguments}}}""") is not null);
    }

    [Fact]
    public void NamedCall_WhateverTheLogits_IsThatTool() =>
        Gen.Select(Gen.Int, Sentence).Sample((seed, sentence) =>
        {
            using var client = TestModels.Open(FakeDecoderModel.Random(TestModels.Tokenizer.VocabularySize, seed), out _);
            var options = new ChatOptions { Tools = [.. TestTools.All], ToolMode = ChatToolMode.RequireSpecific("recall") };
            var call = Assert.Single(client.GetResponseAsync(sentence, options).GetAwaiter().GetResult().Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>());
            Assert.Equal("recall", call.Name);
            CheckCall(call, sentence);
        }, iter: 100, threads: 1);

    [Fact]
    public void NoTools_WhateverTheLogits_NeverCallsOrShowsMarks() =>
        Gen.Select(Gen.Int, Sentence, Gen.Bool).Sample((seed, sentence, offered) =>
        {
            using var client = TestModels.Open(FakeDecoderModel.Random(TestModels.Tokenizer.VocabularySize, seed), out _);
            var options = new ChatOptions { Tools = offered ? [.. TestTools.All] : null, ToolMode = ChatToolMode.None, MaxOutputTokens = 60 };
            var answer = client.GetResponseAsync(sentence, options).GetAwaiter().GetResult();
            Assert.All(answer.Messages.SelectMany(message => message.Contents), content => Assert.False(content is FunctionCallContent));
            Assert.DoesNotContain("tool_call>", answer.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("span|>", answer.Text, StringComparison.Ordinal);
        }, iter: 100, threads: 1);

    [Fact]
    public void Spans_WhateverTheLogits_AreCopies() =>
        Gen.Select(Gen.Int, Sentence, Sentence).Sample((seed, user, response) =>
        {
            var rules = TestModels.Text(1024).Rules(new(prompt(), [], new CopySources(user, response), false, null), freely: false);
            rules.Accept(TestModels.Tokens.SpanOpen);
            var random = new Random(seed);
            var copied = new List<byte>();
            for (var steps = 0; steps < 500; steps++)
            {
                var allowed = Enumerable.Range(0, TestModels.Tokenizer.VocabularySize).Where(rules.Allows).ToArray();
                var token = allowed[random.Next(allowed.Length)];
                rules.Accept(token);
                if (token == TestModels.Tokens.SpanClose)
                {
                    var text = System.Text.Encoding.UTF8.GetString([.. copied]);
                    Assert.True(text == response || SpanMatcher.IsSpan(user, text) || SpanMatcher.IsSpan(response, text), text);
                    return;
                }

                copied.AddRange(TestModels.Tokens.Bytes(token)!);
            }

            Assert.Fail("the span never ended");
            static IReadOnlyList<int> prompt() => [];
        }, iter: 200, threads: 1);

    [Theory]
    [InlineData("{\"name\": \"recall\", \"arguments\": {\"subject\": \"the moon\"}}")]
    [InlineData("{\"name\": \"recall\", \"arguments\": {}}")]
    [InlineData("{\"name\": \"erase\", \"arguments\": {}}")]
    [InlineData("{\"name\": \"recall\", \"arguments\": {\"subject\": \"my key\", \"subject\": \"my key\"}}")]
    [InlineData("{\"name\": \"recall\", \"arguments\": {\"subject\": 7}}")]
    [InlineData("{\"name\": \"calculator\", \"arguments\": {\"expression\": \"99+1\"}}")]
    [InlineData("no JSON")]
    public void Parse_CallThatDoesNotFit_IsRefused(string text)
    {
        var parser = new ToolCallParser(ToolCallFormat.Hermes, [.. TestTools.All.Select(ToolSchema.Read)], new CopySources("Where is my key, 17?", null));
        Assert.Null(parser.Parse(text));
    }

    [Fact]
    public async Task FreeSchema_CallWithNestedArguments_IsDecodedFreelyAndChecked()
    {
        var tool = TestTools.Declare("order", """{"type":"object","properties":{"items":{"type":"array","items":{"type":"integer"}}},"required":["items"]}""");
        var text = "<tool_call>\n{\"name\": \"order\", \"arguments\": {\"items\": [1, 2]}}\n</tool_call>";
        var turn = TestModels.Text(1024).Turns.Build([new(ChatRole.User, "two of each")], new() { Tools = [tool] });
        var said = TestModels.Tokenizer.EncodeMarkup(text);
        using var client = TestModels.Open(FakeDecoderModel.Saying(TestModels.Tokenizer.VocabularySize, turn.Prompt.Count, said), out _);
        var answer = await client.GetResponseAsync("two of each", new() { Tools = [tool] });
        var call = Assert.Single(answer.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>());
        Assert.Equal("[1, 2]", JsonText.Write(call.Arguments!["items"]));
    }

    private static void CheckCall(FunctionCallContent call, string sentence)
    {
        var arguments = call.Arguments!;
        switch (call.Name)
        {
            case "calculator":
                Assert.NotEmpty(NumbersMatcher.Numbers((string)arguments["expression"]!));
                Assert.All(NumbersMatcher.Numbers((string)arguments["expression"]!), number => Assert.Contains(number, NumbersMatcher.Numbers(sentence)));
                break;
            case "note":
                Assert.Contains((string)arguments["kind"]!, new[] { "a b", "c" });
                Assert.True(!arguments.TryGetValue("place", out var place) || SpanMatcher.IsSpan(sentence, (string)place!));
                break;
            default:
                Assert.All(arguments.Values, value => Assert.True(SpanMatcher.IsSpan(sentence, (string)value!), (string)value!));
                break;
        }
    }
}
