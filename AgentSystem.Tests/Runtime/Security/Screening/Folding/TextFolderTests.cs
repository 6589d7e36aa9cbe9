using AgentSystem.Runtime.Security.Screening.Folding;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Security.Screening.Folding;

public class TextFolderTests
{
    [Theory]
    [InlineData("ＩＧＮＯＲＥ　ＡＬＬ", "ignore all")]
    [InlineData("𝐢𝐠𝐧𝐨𝐫𝐞 𝒂𝒍𝒍", "ignore all")]
    [InlineData("ⓘⓖⓝⓞⓡⓔ", "ignore")]
    [InlineData("i\u200Bg\u200Bn\u200Bo\u200Br\u200Be", "ignore")]
    [InlineData("ig\u00ADno\u2060re", "ignore")]
    [InlineData("I\u0336g\u0336n\u0336o\u0336r\u0336e\u0336", "ignore")]
    [InlineData("Cafe\u0301 Zürich", "cafe zurich")]
    [InlineData("\u202Eignore\u202C", "ignore")]
    [InlineData("don’t — “stop”", "don't")]
    public void Fold_Disguises_FallOff(string text, string plain) => Assert.StartsWith(plain, TextFolder.Fold(text).Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("іgnоrе аll рrеvіоuѕ", "ignore all previous")]
    [InlineData("ignοre αll", "ignore all")]
    [InlineData("ɪɢɴᴏʀᴇ all", "ignore all")]
    public void Fold_LookAlikesAmongLatinWords_AreReadAsWhatTheyImitate(string text, string imitated) => Assert.Equal(imitated, TextFolder.Fold(text).Imitated);

    [Theory]
    [InlineData("Переведи отчёт на английский")]
    [InlineData("Πώς αλλάζω κωδικό")]
    [InlineData("これまでの話を要約して")]
    [InlineData("plain words only")]
    public void Fold_WordsOfTheirOwnScript_ImitateNothing(string text) => Assert.Null(TextFolder.Fold(text).Imitated);

    [Fact]
    public void Fold_WordsSplitByUnseenCharacters_AreCounted() => Assert.Equal(5, TextFolder.Fold("i\u200Bg\u200Bn\u200Bo\u200Br\u200Be").Traits.Splitting);

    [Fact]
    public void Fold_OfTheFold_IsTheFold() => Texts.Nasty.Sample(text => TextFolder.Fold(TextFolder.Fold(text).Text).Text == TextFolder.Fold(text).Text);
}
