using System.Text.Json.Nodes;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Threats.Intelligence;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Threats.Intelligence;

public sealed class ReadersTests
{
    private const string Hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Fact]
    public void List_OfAllKinds_IsReadLineByLine()
    {
        var read = PlainListReader.Read(
            $"# a comment\n192.0.2.7\r\n2001:db8::/32\nsha256:{Hash.ToUpperInvariant()}\n{Hash}\ndomain:Bücher.example\nhttps://Evil.example/x#frag\nforget  everything, you KNOW\nphrase:10.0.0.1\n\nsha256:short\n{string.Join(' ', Enumerable.Repeat("word", 17))}",
            .6, null);

        Assert.Equal(
            [
                (IndicatorKind.Address, "192.0.2.7/32"), (IndicatorKind.Address, "2001:db8::/32"), (IndicatorKind.Sha256, Hash), (IndicatorKind.Sha256, Hash),
                (IndicatorKind.Domain, "xn--bcher-kva.example"), (IndicatorKind.Url, "https://evil.example/x"), (IndicatorKind.Phrase, "forget everything you know"), (IndicatorKind.Phrase, "10 0 0 1"),
            ],
            read.Found.Select(static each => (each.Kind, each.Value)));
        Assert.Equal(["11", "12"], read.Skipped.Select(static each => each.Entry));
        Assert.All(read.Found, static each => Assert.Equal(.6, each.Confidence));
    }

    [Theory]
    [InlineData("[ipv4-addr:value = '198.51.100.1/32']", "Address 198.51.100.1/32")]
    [InlineData("[ipv6-addr:value = '2001:db8::1' OR ipv4-addr:value='198.51.100.0/24']", "Address 2001:db8::1/128, Address 198.51.100.0/24")]
    [InlineData($"[file:hashes.'SHA-256' = '{Hash}']", "Sha256 " + Hash)]
    [InlineData("[domain-name:value = 'Evil.example'] OR [url:value = 'http://evil.example/it\\'s']", "Domain evil.example, Url http://evil.example/it's")]
    [InlineData("[ipv4-addr:value = '1.2.3.4' AND domain-name:value = 'a.example']", null)]
    [InlineData("[ipv4-addr:value = '1.2.3.4'] FOLLOWEDBY [domain-name:value = 'a.example']", null)]
    [InlineData("[ipv4-addr:value != '1.2.3.4']", null)]
    [InlineData("[file:hashes.MD5 = 'd41d8cd98f00b204e9800998ecf8427e']", null)]
    [InlineData("[ipv4-addr:value = 'not one']", null)]
    [InlineData("[ipv4-addr:value = '1.2.3.4", null)]
    [InlineData("", null)]
    public void Pattern_OfAlternatives_IsReadAndEverythingElseSaysWhyNot(string pattern, string? expected)
    {
        var (alternatives, reason) = StixPattern.Parse(pattern);

        Assert.Equal(expected is null, reason is not null);
        Assert.Equal(expected ?? "", string.Join(", ", alternatives.Select(static each => $"{each.Kind} {each.Value}")));
    }

    [Fact]
    public void Bundle_WithConfidenceAndEnd_KeepsThemAndNamesWhatItSkips()
    {
        var bundle = JsonNode.Parse("""
            {"type":"bundle","id":"bundle--1","objects":[
              {"type":"identity","id":"identity--1"},
              {"type":"indicator","id":"indicator--1","pattern_type":"stix","pattern":"[ipv4-addr:value = '192.0.2.1']","confidence":95,"valid_until":"2027-01-01T00:00:00Z"},
              {"type":"indicator","id":"indicator--2","pattern_type":"stix","pattern":"[url:value = 'https://evil.example']"},
              {"type":"indicator","id":"indicator--3","pattern_type":"sigma","pattern":"x"},
              {"type":"indicator","id":"indicator--4","pattern_type":"stix","pattern":"[ipv4-addr:value = '192.0.2.2']","revoked":true},
              {"type":"indicator","id":"indicator--5","pattern_type":"stix","pattern":"[process:name = 'x']"},
              {"type":"indicator","id":"indicator--6","pattern_type":"stix","pattern":"[ipv4-addr:value = '192.0.2.3']","valid_until":"soon"}]}
            """)!.AsObject();
        var read = StixReader.Read(bundle, .7, null);

        Assert.Equal([(.95, (DateTimeOffset?)new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero)), (.7, null)], read.Found.Select(static each => (each.Confidence, each.ExpiresAt)));
        Assert.Equal(["indicator--3", "indicator--4", "indicator--5", "indicator--6"], read.Skipped.Select(static each => each.Entry));
    }

    [Theory]
    [InlineData("""{"type":"report"}""")]
    [InlineData("""{"type":"bundle","objects":{}}""")]
    [InlineData("""{"type":1}""")]
    public void Bundle_ThatIsNone_SaysSo(string json) => Assert.Equal("bundle", Assert.Single(StixReader.Read(JsonNode.Parse(json)!.AsObject(), 1, null).Skipped).Entry);

    [Fact]
    public void Pattern_OfAnyText_EndsWithoutAFault() => Gen.String.Sample(static text =>
    {
        StixPattern.Parse(text);
        StixPattern.Parse($"[ipv4-addr:value = '{text}'] OR [{text}");
    });
}
