using System.Net;
using AgentSystem.Runtime.Egress;
using Microsoft.Extensions.Options;

namespace AgentSystem.Tests.Runtime.Egress;

public sealed class EgressRuleTests
{
    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("1.1.1.1", true)]
    [InlineData("2606:4700:4700::1111", true)]
    [InlineData("64:ff9b::808:808", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.9.9.9", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.0.2.1", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("198.18.0.1", false)]
    [InlineData("203.0.113.9", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("ff02::1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("2001::1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("3fff::1", false)]
    public void IsPublic_OfAnAddress_KnowsTheReservedOnes(string address, bool expected) => Assert.Equal(expected, PublicAddresses.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("198.17.255.255")]
    public void IsPublic_JustBesideAReservedBlock_IsTrue(string address) => Assert.True(PublicAddresses.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("https://example.com/hook")]
    [InlineData("https://example.com:8443/hook?x=1#y")]
    [InlineData("https://bücher.example/hook")]
    [InlineData("https://8.8.8.8/")]
    [InlineData("http://127.0.0.1:9000/hook")]
    [InlineData("http://hooks.internal:8080/")]
    [InlineData("http://HOOKS.internal:8080/")]
    [InlineData("http://[::1]:9000/")]
    public void Problem_OfAnAllowedAddress_IsNone(string url) => Assert.Null(Rule("127.0.0.1:9000, hooks.internal:8080,[::1]:9000").Problem(url));

    [Theory]
    [InlineData("")]
    [InlineData("example.com")]
    [InlineData("/hook")]
    [InlineData("http://example.com/")]
    [InlineData("ftp://example.com/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://user:secret@example.com/")]
    [InlineData("https://example.com@127.0.0.1/")]
    [InlineData("https://localhost/")]
    [InlineData("https://localhost./")]
    [InlineData("https://sub.localhost/")]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://0x7f000001/")]
    [InlineData("https://0177.0.0.1/")]
    [InlineData("https://127.1/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://[::ffff:169.254.169.254]/")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("http://127.0.0.1:9001/")]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://other.internal:8080/")]
    public void Problem_OfARefusedAddress_SaysWhatItMustBe(string url) => Assert.StartsWith("an ", Rule("127.0.0.1:9000,hooks.internal:8080").Problem(url), StringComparison.Ordinal);

    [Theory]
    [InlineData("", true)]
    [InlineData("a:1", true)]
    [InlineData("a:1, b.c:65535 ,[::1]:80", true)]
    [InlineData("a", false)]
    [InlineData("a:0", false)]
    [InlineData("a:65536", false)]
    [InlineData("a:1/path", false)]
    [InlineData("http://a:1", false)]
    [InlineData("user@a:1", false)]
    public void HostList_OfASetting_IsReadOrRefused(string list, bool valid) => Assert.Equal(valid, new HostListAttribute().IsValid(list));

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("8.8.8.8,127.0.0.1")]
    [InlineData("")]
    public async Task Connect_ToANameThatLeadsInside_IsRefused(string answer)
    {
        var found = answer.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse).ToArray();
        using var client = new HttpClient(EgressHandler.Create(Rule(""), (_, _) => Task.FromResult(found)));
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("https://rebinding.example/"));

        Assert.Contains("Egress:AllowedHosts", Assert.IsType<EgressRefusedException>(refused.InnerException).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_ToAnAddressTheRuleRefuses_IsRefusedWhoeverKeptIt()
    {
        using var client = new HttpClient(EgressHandler.Create(Rule("")));
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("http://127.0.0.1:9/"));

        Assert.IsType<EgressRefusedException>(refused.InnerException);
    }

    private static EgressRule Rule(string allowed) => new(Options.Create(new EgressOptions { AllowedHosts = allowed }));
}
