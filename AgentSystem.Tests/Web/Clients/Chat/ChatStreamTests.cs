using System.Text;
using AgentSystem.Web.Clients;
using AgentSystem.Web.Clients.Chat;
using CsCheck;

namespace AgentSystem.Tests.Web.Clients.Chat;

public sealed class ChatStreamTests
{
    private const string Whole = """
        data: {"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}

        : a comment keeps the connection open
        data: {"choices":[{"index":0,"delta":{"content":"17 × 23 "}}]}

        data: {"choices":[{"index":0,"delta":{"content":"= 391"},"finish_reason":null}],"usage":null}

        data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

        data: {"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13},"agentsystem":{"request_id":"r1","agent":"assistant","model":"small","cache":"miss","cost_usd":0.00012,"attempts":1,"fallbacks":0,"overhead_ms":2.5,"duration_ms":431.2,"first_token_ms":88.1,"quality":"ok","new_member":true,"tools":[{"name":"calculator","outcome":"success","duration_ms":1.5}]}}

        data: [DONE]


        """;

    [Fact]
    public void ReadAsync_StreamSplitAnywhere_GivesTheSameAnswer()
    {
        var bytes = Encoding.UTF8.GetBytes(Whole);
        Gen.Int[1, bytes.Length].Sample(size =>
        {
            var events = Collect(new Pieces(bytes, size));
            var text = string.Concat(events.OfType<ChatText>().Select(static piece => piece.Text));
            return text == "17 × 23 = 391" && events[^1] is ChatFinished { Receipt.RequestId: "r1" };
        });
    }

    [Fact]
    public void ReadAsync_LastChunk_TellsToolsTimeCostAndTokens()
    {
        var end = Assert.IsType<ChatFinished>(Collect(Stream(Whole))[^1]);
        Assert.Equal("stop", end.StopReason);
        Assert.Equal(new ChatUsage(9, 4), end.Usage);
        Assert.NotNull(end.Receipt);
        Assert.Equal((0.00012m, "miss", 431.2, 88.1), (end.Receipt.CostUsd, end.Receipt.Cache, end.Receipt.DurationMs!.Value, end.Receipt.FirstTokenMs!.Value));
        Assert.Equal("calculator", Assert.Single(end.Receipt.Tools!).Name);
        Assert.Null(end.Receipt.Confidence);
    }

    [Fact]
    public void ReadAsync_StreamWithoutItsEndMark_IsAFailureAfterItsText()
    {
        var events = Collect(Stream("data: {\"choices\":[{\"delta\":{\"content\":\"half\"}}]}\n\n"));
        Assert.Equal(new ChatText("half"), events[0]);
        Assert.Equal(ApiFailure.BrokenOffCode, Assert.IsType<ChatFailed>(events[1]).Failure.Code);
    }

    [Fact]
    public void ReadAsync_ErrorInTheStream_IsAFailureWithItsCode()
    {
        var events = Collect(Stream("data: {\"error\":{\"message\":\"The model failed.\",\"type\":\"server_error\",\"code\":\"model_failed\"}}\n\ndata: [DONE]\n\n"));
        Assert.Equal("model_failed", Assert.IsType<ChatFailed>(Assert.Single(events)).Failure.Code);
    }

    [Theory]
    [InlineData("data: {\n\n")]
    [InlineData("data: {\"choices\":[7]}\n\n")]
    public void ReadAsync_ChunkNobodyCanRead_IsAFailure(string stream) =>
        Assert.Equal(ApiFailure.UnreadableCode, Assert.IsType<ChatFailed>(Assert.Single(Collect(Stream(stream)))).Failure.Code);

    [Fact]
    public void ReadAsync_ConnectionLost_IsAFailure()
    {
        var events = Collect(new Pieces("data: {\"choices\":[{\"delta\":{\"content\":\"half\"}}]}\n\n"u8.ToArray(), 8, breaksOff: true));
        Assert.Equal(ApiFailure.BrokenOffCode, Assert.IsType<ChatFailed>(events[^1]).Failure.Code);
    }

    private static MemoryStream Stream(string text) => new(Encoding.UTF8.GetBytes(text));

    private static List<ChatEvent> Collect(Stream body) =>
        ChatStream.ReadAsync(body, TestContext.Current.CancellationToken).ToBlockingEnumerable().ToList();

    /// <summary>Gives at most so many bytes at once, and may end in a broken connection.</summary>
    private sealed class Pieces(byte[] bytes, int size, bool breaksOff = false) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            breaksOff && Position == Length
                ? throw new IOException("The connection was reset.")
                : base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
    }
}
