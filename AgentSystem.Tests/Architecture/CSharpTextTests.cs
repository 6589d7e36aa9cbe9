namespace AgentSystem.Tests.Architecture;

public class CSharpTextTests
{
    [Theory]
    [InlineData("a // gone\nb", "a \nb")]
    [InlineData("a /* gone\n*/ b", "a  b")]
    [InlineData("x = \"gone \\\" gone\"; y", "x = \"\"; y")]
    [InlineData("x = @\"gone \"\"gone\\\"; y", "x = \"\"; y")]
    [InlineData("x = \"\"\"gone \"gone\" gone\"\"\"; y", "x = \"\"; y")]
    [InlineData("x = $\"gone {Kept(\"gone\")} gone\"; y", "x = \" Kept(\"\") \"; y")]
    [InlineData("x = $\"{{gone}}\"; y", "x = \"\"; y")]
    [InlineData("c = '\"'; y", "c = ; y")]
    [InlineData("x = \"\"; y", "x = \"\"; y")]
    [InlineData("{ a } } b", "{ a } } b")]
    public void WithoutCommentsAndStrings_EachForm_KeepsOnlyCode(string text, string code) =>
        Assert.Equal(code, CSharpText.WithoutCommentsAndStrings(text));
}
