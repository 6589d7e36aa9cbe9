using System.Globalization;
using AgentSystem.Runtime.Agents.Rules;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Agents.Rules;

public sealed class QuantityTests
{
    [Theory]
    [InlineData("1", "1")]
    [InlineData("0.5", "0.5")]
    [InlineData(".5", "0.5")]
    [InlineData("5.", "5")]
    [InlineData("500m", "0.5")]
    [InlineData("250u", "0.00025")]
    [InlineData("2k", "2000")]
    [InlineData("1Gi", "1073741824")]
    [InlineData("1G", "1000000000")]
    [InlineData("1E", "1000000000000000000")]
    [InlineData("1Ei", "1152921504606846976")]
    [InlineData("1e3", "1000")]
    [InlineData("1E3", "1000")]
    [InlineData("5e-1", "0.5")]
    [InlineData("1.5Mi", "1572864")]
    public void TryParse_Quantity_GivesItInItsBaseUnit(string text, string expected)
    {
        Assert.True(Quantity.TryParse(text, out var value));
        Assert.Equal(decimal.Parse(expected, CultureInfo.InvariantCulture), value);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1 Gi")]
    [InlineData("1gi")]
    [InlineData("1K")]
    [InlineData("1mi")]
    [InlineData("1e")]
    [InlineData("1e99")]
    [InlineData("0x10")]
    [InlineData("1\n")]
    [InlineData("١")]
    [InlineData("999999999999999Ei")]
    public void TryParse_NoQuantity_IsRefused(string text) => Assert.False(Quantity.TryParse(text, out _));

    [Fact]
    public void TryParse_AnyText_NeverThrows() => Gen.String[Gen.Int[0, 9].Select(i => "09.eE-+Kim"[i]), 0, 24].Sample(text => { _ = Quantity.TryParse(text, out _); });
}
