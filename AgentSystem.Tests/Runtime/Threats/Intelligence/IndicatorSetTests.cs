using System.Net;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Threats.Intelligence;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Threats.Intelligence;

public sealed class IndicatorSetTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("Operation  MIDNIGHT, sun!", IndicatorKind.Phrase)]
    [InlineData("see HTTP://Evil.example/Path?q=1. And more", IndicatorKind.Url)]
    [InlineData("mail me at x@cdn.bad-host.test now", IndicatorKind.Domain)]
    [InlineData("exactly this text", IndicatorKind.Sha256)]
    [InlineData("midnight operation sun", null)]
    [InlineData("see http://evil.example/path", null)]
    [InlineData("notbad-host.test", null)]
    [InlineData("exactly this text ", null)]
    public void OfText_WhatIsListed_IsFoundAndNothingNearIt(string text, IndicatorKind? expected)
    {
        var set = new IndicatorSet(
        [
            new(IndicatorKind.Phrase, IndicatorValues.Phrase("operation midnight sun")!, .9, null),
            new(IndicatorKind.Url, IndicatorValues.Page("http://evil.example/Path?q=1")!, .9, null),
            new(IndicatorKind.Domain, IndicatorValues.Host("bad-host.test")!, .9, null),
            new(IndicatorKind.Sha256, "b1d9ea1fd3b0c6a4b8ba2ee2cdd7f46e4a4dd4b8aa8a5c2f5c2b0a0ef1d1b9b0", .9, null),
            new(IndicatorKind.Sha256, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("exactly this text"u8)), .9, null),
        ]);

        Assert.Equal(expected, set.OfText(text, Noon)?.Kind);
    }

    [Fact]
    public void OfText_AnyPhraseInAnyText_IsFoundExactlyWhereItsWordsStand() =>
        Gen.Select(Words(3).Array[1, 4].Array[1, 6], Words(4).Array[0, 30]).Sample((phrases, words) =>
        {
            var set = new IndicatorSet([.. phrases.Select(static phrase => new Indicator(IndicatorKind.Phrase, string.Join(' ', phrase), .5, null))]);
            var expected = phrases.Any(phrase => $" {string.Join(' ', words)} ".Contains($" {string.Join(' ', phrase)} ", StringComparison.Ordinal));

            Assert.Equal(expected, set.OfText(string.Join(", ", words), Noon) is not null);
        });

    private static Gen<string> Words(int different) => Gen.Int[0, different - 1].Select(static i => "abcd"[i].ToString());

    [Fact]
    public void Set_OfAHundredThousand_AnswersFromAFewLookUps()
    {
        var indicators = Enumerable.Range(0, 100_000).Select(static i => (i % 4) switch
        {
            0 => new Indicator(IndicatorKind.Address, $"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}/32", .9, null),
            1 => new Indicator(IndicatorKind.Phrase, $"word{i} and another", .9, null),
            2 => new Indicator(IndicatorKind.Domain, $"host{i}.example", .9, null),
            _ => new Indicator(IndicatorKind.Sha256, i.ToString("x64", System.Globalization.CultureInfo.InvariantCulture), .9, null),
        }).ToArray();
        var set = new IndicatorSet(indicators);

        Assert.Equal(100_000, set.Count);
        Assert.NotNull(set.OfAddress(IPAddress.Parse("10.1.134.156"), Noon));
        Assert.Null(set.OfAddress(IPAddress.Parse("10.1.134.157"), Noon));
        Assert.NotNull(set.OfText("here is word99997 and another thing", Noon));
        Assert.Null(set.OfText("here is word99998 and another thing", Noon));
    }

    [Fact]
    public void OfText_AnyText_EndsWithoutAFault() => Gen.String.Sample(text =>
    {
        var set = new IndicatorSet([new(IndicatorKind.Phrase, "a", .5, null), new(IndicatorKind.Url, "http://a.example/", .5, null), new(IndicatorKind.Domain, "a.example", .5, null)]);
        set.OfText(text, Noon);
        set.OfText("http" + text + ".http://" + text, Noon);
    });
}
