using System.Net;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Threats.Intelligence;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Threats.Intelligence;

public sealed class AddressIndexTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    // A few bytes and lengths, so that ranges overlap and hold addresses often.
    private static readonly Gen<(string Range, double Confidence)> Ranges =
        Gen.Select(Gen.Bool, Gen.Byte[0, 3].Array[16], Gen.Int[0, 32], Gen.Int[0, 10]).Select(static (six, bytes, length, tenth) =>
            (IndicatorValues.Range($"{Address(six, bytes)}/{(six ? length * 4 : length)}")!, tenth / 10.0));

    [Fact]
    public void Find_InAnyRanges_GivesTheSurestThatHoldsTheAddress() =>
        Gen.Select(Ranges.Array[0, 30], Gen.Bool, Gen.Byte[0, 3].Array[16]).Sample((ranges, six, bytes) =>
        {
            var indicators = ranges.Select(static each => new Indicator(IndicatorKind.Address, each.Range, each.Confidence, null)).ToArray();
            var address = Address(six, bytes);
            var expected = indicators.Where(each => IPNetwork.Parse(each.Value).Contains(address)).Select(static each => (double?)each.Confidence).Max();

            Assert.Equal(expected, new AddressIndex(indicators).Find(address, Noon)?.Confidence);
        });

    [Fact]
    public void Find_AMappedAddress_IsTheSameAsItsPlainForm()
    {
        var index = new AddressIndex([new Indicator(IndicatorKind.Address, "192.0.2.0/24", 1, null)]);

        Assert.NotNull(index.Find(IPAddress.Parse("::ffff:192.0.2.9"), Noon));
        Assert.Null(index.Find(IPAddress.Parse("::192.0.2.9"), Noon));
    }

    [Fact]
    public void Find_AnExpiredRange_DoesNotCount()
    {
        var index = new AddressIndex([new Indicator(IndicatorKind.Address, "0.0.0.0/0", 1, Noon)]);

        Assert.NotNull(index.Find(IPAddress.Loopback, Noon.AddSeconds(-1)));
        Assert.Null(index.Find(IPAddress.Loopback, Noon));
    }

    [Theory]
    [InlineData("192.0.2.77/24", "192.0.2.0/24")]
    [InlineData("192.0.2.77", "192.0.2.77/32")]
    [InlineData("2001:DB8::1/33", "2001:db8::/33")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1/32")]
    [InlineData("192.0.2.1/33", null)]
    [InlineData("3232235521", null)]
    [InlineData("1.2.3", null)]
    [InlineData("1.2.3.4/ 8", null)]
    [InlineData("words", null)]
    public void Range_OfAText_IsCanonicalOrNone(string text, string? expected) => Assert.Equal(expected, IndicatorValues.Range(text));

    private static IPAddress Address(bool six, byte[] bytes) => new(six ? [0x20, 0x01, .. bytes[2..]] : bytes[..4]);
}
