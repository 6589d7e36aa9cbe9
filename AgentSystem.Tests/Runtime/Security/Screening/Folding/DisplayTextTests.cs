using AgentSystem.Runtime.Security.Screening.Folding;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Security.Screening.Folding;

public class DisplayTextTests
{
    [Theory]
    [InlineData("Our family 👨‍👩‍👧‍👦 booked 🏳️‍🌈 rooms 👩🏽‍🚀")]
    [InlineData("I ❤️ this ☎️ and ❤️‍🔥")]
    [InlineData("Support for 🏴\U000E0067\U000E0062\U000E0073\U000E0063\U000E0074\U000E007F orders")]
    [InlineData("کتاب\u200Cها روی میز هستند")]
    [InlineData("क्\u200Dष और क्\u200Cष")]
    [InlineData("Cafe\u0301 Zu\u0308rich")]
    [InlineData("Donau\u00ADdampf\u00ADschiff")]
    [InlineData("ภาษา\u200Bไทย")]
    [InlineData("葛\U000E0100城市")]
    [InlineData("Prix : 12\u00A0€\u2028le kilo")]
    [InlineData("İstanbul'daki ılık günler")]
    [InlineData("שלום \u2066ABC\u2069 עולם")]
    [InlineData("line one\r\nline two\tend")]
    [InlineData("1️⃣ first, ©️ 2026")]
    public void Clean_WhatCarriesMeaning_StaysByteForByte(string text) => Assert.Same(text, DisplayText.Clean(text));

    [Theory]
    [InlineData("i\u200Bg\u200Dn\u2060ore", "ignore")]
    [InlineData("pay\u202Eevil\u202C", "payevil")]
    [InlineData("hi\U000E0069\U000E0067\U000E006E\U000E006F", "hi")]
    [InlineData("a\uFE01\uFE02\U000E0102b", "ab")]
    [InlineData("x\u001B[31m\0y", "x[31my")]
    [InlineData("z\u0301\u0301\u0301\u0301\u0301\u0301\u0301", "z\u0301\u0301\u0301\u0301")]
    public void Clean_WhatHides_IsGone(string text, string clean) => Assert.Equal(clean, DisplayText.Clean(text));

    [Fact]
    public void Clean_OfACleanText_ChangesNothing() => Texts.Nasty.Sample(text =>
    {
        var clean = DisplayText.Clean(text);
        return DisplayText.Clean(clean) == clean;
    });
}
