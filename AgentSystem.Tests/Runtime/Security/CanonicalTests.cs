using AgentSystem.Runtime.Security;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Security;

public sealed class CanonicalTests
{
    [Theory]
    [InlineData("plain ASCII stays", "plain ASCII stays")]
    [InlineData("a\r\nb\rc", "a\nb\nc")]
    [InlineData("zero\u200Bwidth\uFEFF", "zerowidth")]
    [InlineData("bidi\u202Etrick", "biditrick")]
    [InlineData("می\u200Cخواهم", "می\u200Cخواهم")]
    [InlineData("👩\u200D🔬", "👩\u200D🔬")]
    [InlineData("bell\u0007", "bell")]
    [InlineData("سلام", "سلام")]
    public void Text_InvisibleDifferences_MakeNoDifference(string original, string expected) => Assert.Equal(expected, Canonical.Text(original));

    [Fact]
    public void Text_OfItself_IsItself() => Gen.String.Where(IsWellFormed).Sample(text => Canonical.Text(Canonical.Text(text)) == Canonical.Text(text));

    /// <summary>Decoded UTF-8 has no lone surrogates; a generator of any string has.</summary>
    private static bool IsWellFormed(string text) => text.EnumerateRunes().All(rune => rune.Value != 0xFFFD);
}
