using AgentSystem.Runtime.Security.Screening.Injection;

namespace AgentSystem.Tests.Runtime.Security.Screening.Injection;

public class WordClassesTests
{
    [Theory]
    [InlineData("ignore", "disregarding")]
    [InlineData("ignore", "vergiss")]
    [InlineData("instruction", "guidelines")]
    [InlineData("reply", "replies")]
    [InlineData("assistant", "chatbots")]
    [InlineData("stop", "stopped")]
    public void Of_WordsThatDoTheSame_IsOneClass(string one, string other)
    {
        Assert.NotEqual(0, WordClasses.Of(one));
        Assert.Equal(WordClasses.Of(one), WordClasses.Of(other));
    }

    [Theory]
    [InlineData("ignore", "obey")]
    [InlineData("you", "me")]
    [InlineData("boiler", "password")]
    public void Of_WordsThatDoNot_AreTwo(string one, string other) => Assert.NotEqual(WordClasses.Of(one), WordClasses.Of(other));

    [Theory]
    [InlineData("")]
    [InlineData("quxbar")]
    public void Of_AnUnknownWord_IsNone(string word) => Assert.Equal(0, WordClasses.Of(word));
}
