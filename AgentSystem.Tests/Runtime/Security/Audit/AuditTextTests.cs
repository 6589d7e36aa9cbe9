using System.Globalization;
using AgentSystem.Runtime.Security.Audit;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Security.Audit;

public sealed class AuditTextTests
{
    [Theory]
    [InlineData("one\r\ntwo", "one  two")]
    [InlineData("\u001b[31mred\u001b[0m", "[31mred[0m")]
    [InlineData("a\u202Eb\u2066c\u200Bd\uFEFFe", "abcde")]
    [InlineData("line\u2028end\u0085", "line end ")]
    [InlineData("whole 😀", "whole 😀")]
    [InlineData("tag\U000E0041s", "tags")]
    public void Line_OfAnything_IsOneReadableLine(string text, string expected) => Assert.Equal(expected, AuditText.Line(text));

    [Fact]
    public void Line_WithHalfACharacter_SaysThatItCouldNotBeRead() => Assert.Equal("half\uFFFD", AuditText.Line("half\uD83D"));

    [Theory]
    [InlineData("write to anna@example.com now", "write to [EMAIL_ADDRESS] now")]
    [InlineData("card 4111 1111 1111 1111", "card [CREDIT_CARD]")]
    [InlineData("key:key_0191aa", "key:key_0191aa")]
    public void Clean_PersonalData_IsReplacedByItsName(string text, string expected) => Assert.Equal(expected, AuditText.Clean(text));

    [Fact]
    public void Clean_ASecretAcrossTheBound_IsFoundBeforeItIsCut()
    {
        var text = new string('x', AuditText.MaxLength - 20) + " ghp_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8";

        Assert.DoesNotContain("ghp_", AuditText.Clean(text), StringComparison.Ordinal);
    }

    [Fact]
    public void Line_OfAnyText_IsBoundedAndCleanAndStaysAsItIs() => Gen.String.Sample(text =>
    {
        var line = AuditText.Line(text);
        Assert.InRange(line.Length, 0, AuditText.MaxLength);
        Assert.Equal(line, AuditText.Line(line));
        Assert.DoesNotContain(line, static c => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
    });

    [Theory]
    [InlineData("key.revoke", "key.revoke")]
    [InlineData("Key Revoke\n", "key_revoke_")]
    public void Name_OfAnAct_HasLettersDotsAndUnderscores(string text, string expected) => Assert.Equal(expected, AuditText.Name(text));
}
