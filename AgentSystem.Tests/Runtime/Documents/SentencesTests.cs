using AgentSystem.Runtime.Documents;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Documents;

public sealed class SentencesTests
{
    [Theory]
    [InlineData("One. Two! Three?", "One.|Two!|Three?")]
    [InlineData("Dr. Smith came on 4. May at 3.5 km. He left.", "Dr. Smith came on 4. May at 3.5 km.|He left.")]
    [InlineData("He said \"stop.\" Then he left. \"Why?\" she asked.", "He said \"stop.\"|Then he left.|\"Why?\" she asked.")]
    [InlineData("Es gilt z.B. Folgendes: ab 2024. Danach nicht.", "Es gilt z.B. Folgendes: ab 2024.|Danach nicht.")]
    [InlineData("A title\nA sentence", "A title|A sentence")]
    [InlineData("第一。第二。", "第一。|第二。")]
    [InlineData("  ", "")]
    public void In_AText_FindsItsSentences(string text, string sentences) => Assert.Equal(sentences, string.Join('|', Sentences.In(text).Select(range => text[range])));

    [Fact]
    public void In_AnyText_HoldsEverythingButWhiteSpaceBetween() => Gen.String[Gen.Char[" .!?\nabAB\"'()12"], 0, 80].Sample(text =>
    {
        var end = 0;
        foreach (var sentence in Sentences.In(text))
        {
            Assert.True(string.IsNullOrWhiteSpace(text[end..sentence.Start.Value]));
            Assert.NotEmpty(text[sentence].Trim());
            end = sentence.End.Value;
        }

        Assert.True(string.IsNullOrWhiteSpace(text[end..]));
    });
}
