using AgentSystem.ServiceDefaults.Inference.Onnx.Decoding;
using Xunit;

namespace AgentSystem.Tests.ServiceDefaults.Inference.Onnx;

public sealed class SpanMatcherTests
{
    [Theory]
    [InlineData("When is my sister's birthday?", "my sister's birthday", true)]
    [InlineData("When is my sister's birthday?", "my sister's birthday?", false)]
    [InlineData("When is my sister's birthday?", "sister", false)]
    [InlineData("When is my sister's birthday?", "", false)]
    [InlineData("Is it late in Europe/Paris, now?", "Europe/Paris", true)]
    [InlineData("Is it late in Europe/Paris, now?", "Europe/Paris, now", true)]
    [InlineData("Is it late in Europe/Paris, now?", "Europe/Paris,", false)]
    [InlineData("Remember: I said \"yes\".", "I said \"yes\"", true)]
    [InlineData("  Oslo  ", "Oslo", true)]
    [InlineData("  Oslo  ", "Oslo ", false)]
    [InlineData("今日は 東京", "東京", true)]
    public void IsSpanAndGrammar_OfAText_Agree(string source, string value, bool isSpan)
    {
        Assert.Equal(isSpan, SpanMatcher.IsSpan(source, value));
        Assert.Equal(isSpan, Reads(new SpanMatcher(source, escaped: false), value));
        Assert.Equal(isSpan, Reads(new SpanMatcher(source, escaped: true), JsonText.Quote(value)[1..^1]));
    }

    [Theory]
    [InlineData("What is 17 times 23?", "17*23", true)]
    [InlineData("What is 17 times 23?", "(17+23)*17", true)]
    [InlineData("What is 17 times 23?", "17*2", false)]
    [InlineData("What is 17 times 23?", "1723", false)]
    [InlineData("What is 17 times 23?", "17*", false)]
    [InlineData("What is 17 times 23?", "()", false)]
    [InlineData("What is 17 times 23?", "(17", false)]
    [InlineData("What is 17 times 23?", "-17+-(23)", true)]
    [InlineData("What is 17 times 23?", "17(23)", false)]
    [InlineData("What is .5 plus 23?", ".5+23", true)]
    [InlineData("12.5 over 4", "12.5/4", true)]
    [InlineData("12.5 over 4", "12/4", false)]
    [InlineData("15% of 80", "15%*80", true)]
    [InlineData("no numbers here", "1", false)]
    public void Numbers_Expression_HoldsOnlyNumbersOfTheText(string source, string expression, bool isAllowed) =>
        Assert.Equal(isAllowed, Reads(new NumbersMatcher(source, value => "0123456789.+-*/()%^".Contains(value, StringComparison.Ordinal)), expression));

    [Theory]
    [InlineData("plain", true)]
    [InlineData("", true)]
    [InlineData("a\\nb\\u00e9", true)]
    [InlineData("\\ud800", false)]
    [InlineData("\\x", false)]
    [InlineData("quote\"", false)]
    [InlineData("\\", false)]
    [InlineData("größe 🙂", true)]
    public void JsonString_Inside_IsReadAsJsonReadsIt(string text, bool isValid) => Assert.Equal(isValid, Reads(new JsonStringMatcher(), text));

    private static bool Reads(IByteMatcher matcher, string text) => GrammarReader.IsWhole(matcher, text);
}
