using AgentSystem.Web.SignIn;
using Microsoft.AspNetCore.Http;

namespace AgentSystem.Tests.Web.SignIn;

/// <summary>The session's cookie over https is one that no other host can have set (RFC 6265bis, section 4.1.3.2).</summary>
public sealed class HostCookiesTests
{
    private readonly HostCookies cookies = new();

    [Fact]
    public void Append_OverHttps_IsBoundToThisHostAndEveryPathOfIt()
    {
        var context = Asked("https");
        cookies.AppendResponseCookie(context, "agentsystem.console", "ticket", new CookieOptions { Secure = true, Domain = "example.com", Path = "/somewhere" });
        var set = context.Response.Headers.SetCookie.ToString();

        Assert.StartsWith("__Host-agentsystem.console=ticket;", set, StringComparison.Ordinal);
        Assert.Contains("path=/;", set, StringComparison.Ordinal);
        Assert.Contains("secure", set, StringComparison.Ordinal);
        Assert.DoesNotContain("domain", set, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Append_OverHttp_HasThePlainName()
    {
        var context = Asked("http");
        cookies.AppendResponseCookie(context, "agentsystem.console", "ticket", new CookieOptions());
        Assert.StartsWith("agentsystem.console=ticket;", context.Response.Headers.SetCookie.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Get_OverHttps_DoesNotTakeThePlainOne()
    {
        var context = Asked("https");
        context.Request.Headers.Cookie = "agentsystem.console=planted";
        Assert.Null(cookies.GetRequestCookie(context, "agentsystem.console"));

        context.Request.Headers.Cookie = "__Host-agentsystem.console=own";
        Assert.Equal("own", cookies.GetRequestCookie(context, "agentsystem.console"));
    }

    private static DefaultHttpContext Asked(string scheme) => new() { Request = { Scheme = scheme, Host = new HostString("console.example") } };
}
