using AgentSystem.Api.Http;
using Microsoft.AspNetCore.Http;

namespace AgentSystem.Tests.Api.Http;

public class PageRequestTests
{
    [Fact]
    public void Read_WithoutAnything_StartsAtTheBeginning()
    {
        var (page, failure) = Read("");

        Assert.Null(failure);
        Assert.Equal(new PageRequest(50, null), page);
    }

    [Theory]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=201", "limit")]
    [InlineData("?limit=many", "limit")]
    [InlineData("?limit=99999999999999999999", "limit")]
    [InlineData("?cursor=", "cursor")]
    [InlineData("?cursor=*", "cursor")]
    [InlineData("?cursor=_w", "cursor")]
    public void Read_WithNonsense_NamesTheMember(string query, string member)
    {
        var (page, failure) = Read(query);

        Assert.Null(page);
        Assert.Equal((400, member), (failure!.Status, failure.Param));
    }

    [Fact]
    public void Page_WithMoreRowsThanItsLimit_GivesACursorThatContinuesAfterTheLastShown()
    {
        var first = new PageRequest(2, null).Page(["ä/1", "ä/2", "ä/3"], static row => row);

        Assert.Equal(["ä/1", "ä/2"], first.Data);
        Assert.Equal("ä/2", Read("?cursor=" + first.NextCursor).Page!.After);
    }

    [Fact]
    public void Page_WithAllRows_IsTheLast() => Assert.Null(new PageRequest(2, null).Page(["a", "b"], static row => row).NextCursor);

    private static (PageRequest? Page, AgentSystem.Runtime.Pipeline.RunFailure? Failure) Read(string query)
    {
        var http = new DefaultHttpContext();
        http.Request.QueryString = new QueryString(query);
        return PageRequest.Read(http);
    }
}
