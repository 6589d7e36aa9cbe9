using System.Text.Json.Nodes;
using AgentSystem.Runtime.Responses;
using CsCheck;
using Microsoft.Extensions.AI;

namespace AgentSystem.Tests.Runtime.Responses;

/// <summary>An answer told to some point, then made again by somebody else: what readers see has no gap and nothing twice.</summary>
public sealed class ResponseOutputTests
{
    private static readonly Gen<string> Text = Gen.String[Gen.OneOf(Gen.Char['a', 'd'], Gen.Const('é'), Gen.Const(' ')), 0, 12];

    // A letter outside the basic plane, so that pieces can end between its halves.
    private static readonly Gen<string> Answer = Gen.Select(Text, Gen.Bool, Text, (before, astral, after) => before + (astral ? "𝄞" : "") + after);

    [Fact]
    public void Again_TheSameAnswerInOtherPieces_IsGoneOnWithWhereverItWasCut() => Gen.Select(Answer, Gen.Int[0, 40], Gen.Int[1, 5], Gen.Int[1, 5]).Sample((answer, cut, first, second) =>
    {
        var told = Tell(null, Pieces(answer, first), end: false);
        var seen = told[..Math.Min(cut, told.Count)];

        var all = (List<ReadOnlyMemory<byte>>)[.. seen, .. Tell(ToldOutput.Read(seen), Pieces(answer, second), end: true)];

        var (items, deltas) = Read(all);
        Assert.Equal(Enumerable.Range(0, all.Count), all.Select(told => (int)Body(told)["sequence_number"]!));
        Assert.Equal(answer.Length == 0 ? "" : $"completed: {answer}", string.Join("; ", items.Select(item => $"{item.Status}: {item.Text}")));
        Assert.Equal(answer, string.Concat(deltas));
    });

    [Fact]
    public void Again_AnotherAnswer_EndsTheToldMessageAndTellsTheWholeOfTheOther() => Gen.Select(Answer, Answer, Gen.Int[0, 40]).Sample((before, now, cut) =>
    {
        var told = Tell(null, Pieces(before, 1), end: false);
        var seen = told[..Math.Min(cut, told.Count)];
        var open = ToldOutput.Read(seen).Text;

        var (items, _) = Read([.. seen, .. Tell(ToldOutput.Read(seen), Pieces(now, 2), end: true)]);

        var kept = now.StartsWith(open, StringComparison.Ordinal);
        Assert.Equal(now.Length == 0 ? null : now, kept && now.Length == 0 ? null : items.LastOrDefault(item => item.Status == "completed").Text);
        Assert.Equal(kept || ToldOutput.Read(seen).Message is null ? 0 : 1, items.Count(item => item.Status == "incomplete"));
    });

    [Fact]
    public void Calls_OfAnAnswerThatMayBeMadeAgain_AreToldOnlyAtItsEnd()
    {
        var none = new ToldOutput(3, true, [], null, "");
        var types = new List<string>();
        var output = new ResponseOutput((type, _) => types.Add(type), none);
        output.Take([new TextContent("look"), new FunctionCallContent("c1", "weather", new Dictionary<string, object?> { ["city"] = "Bern" })]);
        Assert.DoesNotContain("response.function_call_arguments.done", types);

        output.Close(whole: true);
        Assert.Equal(["message", "function_call"], JsonNode.Parse(output.Json)!.AsArray().Select(item => (string)item!["type"]!));
    }

    [Fact]
    public void Calls_OfAnAnswerThatFailed_AreNotTold()
    {
        var output = new ResponseOutput((_, _) => { }, new ToldOutput(3, true, [], null, ""));
        output.Take([new FunctionCallContent("c1", "weather", null)]);
        output.Close(whole: false, answered: false);

        Assert.Equal("[]", output.Json);
    }

    [Fact]
    public void Order_WrittenAndRead_SaysTheSameWithItsTools()
    {
        var weather = AIFunctionFactory.CreateDeclaration("weather", "tells it", System.Text.Json.JsonElement.Parse("""{"type":"object","properties":{"city":{"type":"string"}}}"""));
        var options = new ChatOptions { Temperature = 0.5f, MaxOutputTokens = 7, Tools = [weather], ToolMode = ChatToolMode.RequireSpecific("weather"), ResponseFormat = ChatResponseFormat.Json };
        ChatMessage[] messages = [new(ChatRole.User, "hi \0 there"), new(ChatRole.Assistant, [new FunctionCallContent("c1", "weather", null)]), new(ChatRole.Tool, [new FunctionResultContent("c1", "sunny")])];

        var order = ResponseOrder.Read(ResponseOrder.Write("req-1", messages, options, "ada"));

        Assert.Equal(("req-1", "ada", 0.5f, 7), (order.RequestId, order.User, order.Options.Temperature, order.Options.MaxOutputTokens));
        Assert.Equal("sunny", Assert.IsType<FunctionResultContent>(order.Messages[2].Contents[0]).Result);
        Assert.Equal("hi \0 there", order.Messages[0].Text);
        var tool = Assert.IsAssignableFrom<AIFunctionDeclaration>(Assert.Single(order.Options.Tools!));
        Assert.Equal(("weather", "tells it", weather.JsonSchema.GetRawText()), (tool.Name, tool.Description, tool.JsonSchema.GetRawText()));
        Assert.Equal("weather", Assert.IsType<RequiredChatToolMode>(order.Options.ToolMode).RequiredFunctionName);
        Assert.IsType<ChatResponseFormatJson>(order.Options.ResponseFormat);
    }

    private static List<ReadOnlyMemory<byte>> Tell(ToldOutput? told, IEnumerable<string> pieces, bool end)
    {
        var frames = new List<ReadOnlyMemory<byte>>();
        var events = new ResponseEvents(told?.Events ?? 0);
        var output = new ResponseOutput((type, members) => frames.Add(events.Frame(type, members)), told ?? new ToldOutput(0, false, [], null, ""));
        foreach (var piece in pieces)
        {
            output.Take([new TextContent(piece)]);
        }

        if (end)
        {
            output.Close(whole: true);
        }

        return frames;
    }

    private static IEnumerable<string> Pieces(string text, int length) => text.Chunk(length).Select(piece => new string(piece));

    private static JsonNode Body(ReadOnlyMemory<byte> frame)
    {
        var text = System.Text.Encoding.UTF8.GetString(frame.Span);
        return JsonNode.Parse(text[text.IndexOf('{', StringComparison.Ordinal)..])!;
    }

    /// <summary>The messages that were closed, and the pieces told.</summary>
    private static (List<(string Status, string Text)> Items, List<string> Deltas) Read(IReadOnlyList<ReadOnlyMemory<byte>> frames)
    {
        var bodies = frames.Select(Body).ToList();
        return (
            [.. bodies.Where(body => (string?)body["type"] == "response.output_item.done").Select(body => ((string)body["item"]!["status"]!, (string)body["item"]!["content"]![0]!["text"]!))],
            [.. bodies.Where(body => (string?)body["type"] == "response.output_text.delta").Select(body => (string)body["delta"]!)]);
    }
}
