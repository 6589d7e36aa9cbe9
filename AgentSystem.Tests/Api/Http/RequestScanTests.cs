using System.Text;
using AgentSystem.Api.Http;

namespace AgentSystem.Tests.Api.Http;

public sealed class RequestScanTests
{
    private static readonly string Long = new('a', RequestScan.MaxTextBytes + 1);

    [Theory]
    [InlineData("{\"url\":\"LONG\"}", "url")]
    [InlineData("{\"data\":\"LONG\"}", "data")]
    [InlineData("{\"metadata\":{\"url\":\"LONG\"}}", "metadata.url")]
    [InlineData("{\"image_url\":{\"url\":\"LONG\"}}", "image_url.url")]
    [InlineData("{\"messages\":[{\"content\":\"LONG\"}]}", "messages[0].content")]
    [InlineData("{\"messages\":[1,{\"content\":[{\"text\":\"LONG\"}]}]}", "messages[1].content[0].text")]
    [InlineData("{\"tools\":[{\"function\":{\"data\":\"LONG\"}}]}", "tools[0].function.data")]
    [InlineData("{\"LONG\":1}", null)]
    public void Check_ALongTextThatIsNoMediaPart_IsRefusedByItsPlace(string body, string? place)
    {
        var failure = Check(body, mayHoldMedia: true);

        Assert.Equal((413, "text_too_long", place), (failure!.Status, failure.Code, failure.Param));
    }

    [Theory]
    [InlineData("{\"messages\":[{\"content\":[{},{\"image_url\":{\"url\":\"LONG\"}}]}]}")]
    [InlineData("{\"messages\":[{\"content\":[{\"input_audio\":{\"data\":\"LONG\"}}]}]}")]
    public void Check_AMediaPart_MayBeLongInAConversationAndNowhereElse(string body)
    {
        Assert.Null(Check(body, mayHoldMedia: true));
        Assert.Equal(413, Check(body, mayHoldMedia: false)!.Status);
    }

    [Theory]
    [InlineData("{\"a\":{\"b\":[{\"c\":1},[\"\\ud800\"]]}}", "a.b[1][0]")]
    [InlineData("{\"a\":[[],{}],\"b\":\"\\u0000\"}", "b")]
    [InlineData("[\"x\",\"\\u0000\"]", "[1]")]
    [InlineData("\"\\u0000\"", null)]
    [InlineData("{\"\\u0000\":1}", null)]
    [InlineData("{\"a\":{\"\\udc00\":1}}", "a")]
    public void Check_ATextThatIsNone_IsRefusedByItsPlace(string body, string? place)
    {
        var failure = Check(body, mayHoldMedia: false);

        Assert.Equal((400, "invalid_unicode", place), (failure!.Status, failure.Code, failure.Param));
    }

    [Fact]
    public void Check_SixtyFourLevels_AreTheMost()
    {
        Assert.Null(Check(new string('[', 64) + new string(']', 64), mayHoldMedia: false));
        Assert.Equal("json_too_deep", Check(new string('[', 65) + new string(']', 65), mayHoldMedia: false)!.Code);
    }

    private static AgentSystem.Runtime.Pipeline.RunFailure? Check(string body, bool mayHoldMedia) =>
        RequestScan.Check(Encoding.UTF8.GetBytes(body.Replace("LONG", Long, StringComparison.Ordinal)), mayHoldMedia);
}
