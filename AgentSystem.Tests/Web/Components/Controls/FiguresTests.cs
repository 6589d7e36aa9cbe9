using AgentSystem.Web.Components.Controls;

namespace AgentSystem.Tests.Web.Components.Controls;

public sealed class FiguresTests
{
    [Theory]
    [InlineData(null, "–")]
    [InlineData(0d, "0 ms")]
    [InlineData(2.14, "2.1 ms")]
    [InlineData(412.7, "413 ms")]
    [InlineData(999.6, "1.00 s")]
    [InlineData(1240.5, "1.24 s")]
    [InlineData(150_000d, "2.5 min")]
    public void Duration_Milliseconds_TakesTheUnitThatReads(double? milliseconds, string expected) => Assert.Equal(expected, Figures.Duration(milliseconds));

    [Theory]
    [InlineData("0", "$0")]
    [InlineData("1234.5", "$1,234.50")]
    [InlineData("0.0125", "$0.01")]
    [InlineData("0.00042", "$0.00042")]
    [InlineData("0.00000042", "$0.00000042")]
    public void Usd_Amount_NeverBecomesNothing(string dollars, string expected) =>
        Assert.Equal(expected, Figures.Usd(decimal.Parse(dollars, System.Globalization.CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(99_999, "99,999")]
    [InlineData(148_210, "148.2k")]
    [InlineData(12_345_678, "12.3M")]
    public void Count_Number_IsShortenedFromAHundredThousand(long count, string expected) => Assert.Equal(expected, Figures.Count(count));

    [Fact]
    public void Share_OfNothing_IsUnknown() => Assert.Equal("–", Figures.Share(0, 0));

    [Theory]
    [InlineData(0, "0 keys that work")]
    [InlineData(1, "1 key that works")]
    [InlineData(2, "2 keys that work")]
    public void Many_OfThings_CountsInWords(int count, string words) => Assert.Equal(words, Figures.Many(count, "key that works", "keys that work"));
}
