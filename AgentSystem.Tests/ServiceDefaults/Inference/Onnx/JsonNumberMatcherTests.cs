using System.Globalization;
using System.Text.Json;
using AgentSystem.ServiceDefaults.Inference.Onnx.Decoding;
using CsCheck;

namespace AgentSystem.Tests.ServiceDefaults.Inference.Onnx;

public sealed class JsonNumberMatcherTests
{
    private static readonly JsonNumberMatcher Integer = new(isInteger: true), Number = new(isInteger: false);

    [Fact]
    public void Integer_OfUpToFifteenDigits_IsRead() =>
        Gen.Long[-999_999_999_999_999, 999_999_999_999_999].Sample(static number => Assert.True(GrammarReader.IsWhole(Integer, number.ToString(CultureInfo.InvariantCulture))));

    [Fact]
    public void Number_OfAnyText_IsReadOnlyWhenItIsJson() =>
        Gen.String[Gen.Char["-.0123456789e+ "], 1, 8].Sample(static text =>
        {
            if (GrammarReader.IsWhole(Number, text))
            {
                Assert.Equal(JsonValueKind.Number, JsonDocument.Parse(text).RootElement.ValueKind);
            }

            if (GrammarReader.IsWhole(Integer, text))
            {
                Assert.True(JsonDocument.Parse(text).RootElement.TryGetInt64(out _));
            }
        });

    [Theory]
    [InlineData("1.5", false, true)]
    [InlineData("-0.25", false, true)]
    [InlineData("0", true, true)]
    [InlineData("-0", true, true)]
    [InlineData("01", false, false)]
    [InlineData("1.", false, false)]
    [InlineData("+1", false, false)]
    [InlineData("-", false, false)]
    [InlineData("1e9", false, false)]
    [InlineData("1234567890123456", false, false)]
    public void Text_ByItsForm_IsAWholeNumberANumberOrNone(string text, bool isWhole, bool isNumber) =>
        Assert.Equal((isWhole, isNumber), (GrammarReader.IsWhole(Integer, text), GrammarReader.IsWhole(Number, text)));
}
