using AgentSystem.Contracts.Threads;
using AgentSystem.Runtime.Threads;
using CsCheck;
using Microsoft.Extensions.AI;

namespace AgentSystem.Tests.Runtime.Threads;

public sealed class HistoryWindowTests
{
    private static readonly ChatMessage[] Question = [new(ChatRole.User, "and now?")];

    [Fact]
    public void Cut_WithRoom_KeepsEverything()
    {
        MessageView[] stored = [Said("user", "a"), Calls("c1"), Result("c1"), Said("assistant", "b")];

        Assert.Equal(stored.Length, HistoryWindow.Cut(stored, Question, 1000).Count);
    }

    [Fact]
    public void Cut_BeginningInsideATurn_BeginsWithTheNextQuestion()
    {
        MessageView[] stored = [Result("c1"), Said("assistant", "b"), Said("user", "second"), Said("assistant", "c")];

        Assert.Equal(["second", "c"], HistoryWindow.Cut(stored, Question, null).Select(m => m.Text));
    }

    [Fact]
    public void Cut_WithLittleRoom_KeepsTheNewestTurns()
    {
        MessageView[] stored = [Said("user", new string('x', 400)), Said("assistant", "old"), Said("user", "new"), Said("assistant", "answer")];

        Assert.Equal(["new", "answer"], HistoryWindow.Cut(stored, Question, 50).Select(m => m.Text));
        Assert.Empty(HistoryWindow.Cut(stored, Question, 0));
    }

    [Fact]
    public void Cut_ACallWhoseResultNeverCame_IsLeftOut()
    {
        MessageView[] stored = [Said("user", "weather?"), Calls("lost"), Said("user", "hello?"), Said("assistant", "hi")];

        Assert.Equal(["weather?", "hello?", "hi"], HistoryWindow.Cut(stored, Question, null).Select(m => m.Text));
    }

    [Fact]
    public void Cut_TheRequestBringsTheResult_TheCallStaysWhateverItCosts()
    {
        MessageView[] stored = [Said("user", new string('x', 4000)), Calls("c1")];
        ChatMessage[] request = [new(ChatRole.Tool, [new FunctionResultContent("c1", "sunny")])];

        var window = HistoryWindow.Cut(stored, request, 10);

        Assert.Equal(["user", "assistant"], window.Select(m => m.Role));
        Assert.Equal("c1", window[1].Calls.Single().Id);
    }

    [Fact]
    public void Cut_AnyHistory_IsOneAModelAccepts() =>
        Gen.Int[0, 3].Select(static i => new[] { "user", "assistant", "calls", "result" }[i]).List[0, 30].Select(Gen.Int[0, 100]).Sample((roles, room) =>
        {
            var open = 0;
            var stored = roles.Select((role, i) => role switch
            {
                "calls" => Calls($"c{++open}"),
                "result" => Result($"c{open}"),
                _ => Said(role, $"text {i}"),
            }).ToArray();

            var window = HistoryWindow.Cut(stored, Question, room);

            Assert.True(window.Count == 0 || window[0].Role == "user");
            var calls = window.SelectMany(m => m.Calls).Select(c => c.Id).ToArray();
            Assert.All(calls, call => Assert.Contains(window, m => m.CallId == call));
            Assert.All(window.Where(m => m.Role == "tool"), m => Assert.Contains(m.CallId, calls));
        });

    [Theory]
    [InlineData("  What\r\n is\tthis? ", "What is this?")]
    [InlineData(" \n ", null)]
    [InlineData("a\0b", "ab")]
    public void TitleOf_AQuestion_IsItsBeginningOnOneLine(string question, string? title) => Assert.Equal(title, ThreadLimits.TitleOf(question));

    [Fact]
    public void TitleOf_ALongQuestion_HasEightyCharactersAndNoHalfOnes()
    {
        Assert.Equal(80, ThreadLimits.TitleOf(new string('x', 500))!.Length);
        Assert.Equal(79, ThreadLimits.TitleOf(new string('x', 79) + "😀😀")!.Length);
    }

    [Fact]
    public void Storable_HalvesOfCharacters_AreReplaced() => Assert.Equal("a\uFFFDb😀", ThreadLimits.Storable("a\uD83Db\0😀"));

    [Fact]
    public void Produced_PiecesOfALoop_BecomeWholeMessagesInOrder()
    {
        ChatResponseUpdate[] pieces =
        [
            new(ChatRole.Assistant, "let me "), new(ChatRole.Assistant, "see"),
            new(ChatRole.Assistant, [new FunctionCallContent("1", "f", new Dictionary<string, object?> { ["x"] = 1 }), new FunctionCallContent("2", "g")]),
            new(ChatRole.Tool, [new FunctionResultContent("1", "one")]), new(ChatRole.Tool, [new FunctionResultContent("2", 2)]),
            new(ChatRole.Assistant, "done"),
        ];

        var messages = ThreadMessages.Produced(pieces);

        Assert.Equal([("assistant", "let me see", 2), ("tool", "one", 0), ("tool", "2", 0), ("assistant", "done", 0)], messages.Select(m => (m.Role, m.Text, m.Calls.Count)));
        Assert.Equal("""{"x":1}""", messages[0].Calls[0].Arguments);
    }

    private static MessageView Said(string role, string text) => new(1, role, text, [], null, null, null, default);

    private static MessageView Calls(string id) => new(1, "assistant", "", [new MessageCall(id, "tool", "{}")], null, null, null, default);

    private static MessageView Result(string id) => new(1, "tool", "result", [], id, null, null, default);
}
