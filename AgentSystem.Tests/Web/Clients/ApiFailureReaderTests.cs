using AgentSystem.Web.Clients;

namespace AgentSystem.Tests.Web.Clients;

public sealed class ApiFailureReaderTests
{
    [Fact]
    public void Parse_OpenAIEnvelope_GivesItsMessageAndCode() =>
        Assert.Equal(
            new ApiFailure(429, "budget_exceeded", "The budget is spent."),
            ApiFailureReader.Parse(429, """{"error":{"message":"The budget is spent.","type":"limit","param":null,"code":"budget_exceeded"}}"""));

    [Fact]
    public void Parse_EnvelopeWithoutCode_FallsBackToItsType() =>
        Assert.Equal("server_error", ApiFailureReader.Parse(500, """{"error":{"message":"No.","type":"server_error","code":null}}""").Code);

    [Fact]
    public void Parse_ProblemJson_PrefersDetailOverTitle() =>
        Assert.Equal(
            new ApiFailure(404, "key_not_found", "There is no key \"x\"."),
            ApiFailureReader.Parse(404, """{"type":"urn:x","title":"Not found","status":404,"detail":"There is no key \"x\".","code":"key_not_found","traceId":"1"}"""));

    [Theory]
    [InlineData("")]
    [InlineData("<html>Bad gateway</html>")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"error":7}""")]
    [InlineData("""{"error":{"message":7}}""")]
    public void Parse_NeitherEnvelope_SaysTheStatusInWords(string body)
    {
        var failure = ApiFailureReader.Parse(502, body);
        Assert.Equal((502, "http_502"), (failure.Status, failure.Code));
        Assert.Contains("502", failure.Message, StringComparison.Ordinal);
    }
}
