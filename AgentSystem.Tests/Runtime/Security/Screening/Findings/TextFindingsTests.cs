using AgentSystem.Runtime.Security.Screening.Findings;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Security.Screening.Findings;

public class TextFindingsTests
{
    [Theory]
    [InlineData("Card 4111 1111 1111 1111 on file", "CREDIT_CARD", "4111 1111 1111 1111")]
    [InlineData("Card ４１１１１１１１１１１１１１１１ on file", "CREDIT_CARD", "４１１１１１１１１１１１１１１１")]
    [InlineData("Refund to FR14 2004 1010 0505 0001 3M02 606 please", "IBAN", "FR14 2004 1010 0505 0001 3M02 606")]
    [InlineData("Write to anna.mueller@example.com.", "EMAIL_ADDRESS", "anna.mueller@example.com")]
    [InlineData("Write to j.doe [at] example [dot] net tomorrow", "EMAIL_ADDRESS", "j.doe [at] example [dot] net")]
    [InlineData("Call me on +33 6 12 34 56 78 after 5", "PHONE_NUMBER", "+33 6 12 34 56 78")]
    [InlineData("My SSN is 460-89-9847", "US_SSN", "460-89-9847")]
    [InlineData("reach the host at 203.0.113.9 now", "IP_ADDRESS", "203.0.113.9")]
    [InlineData("DNI 12345678Z", "ES_DNI", "12345678Z")]
    [InlineData("aws_access_key_id = AKIAJBDOY27RG62SRS5M", "SECRET_AWS", "AKIAJBDOY27RG62SRS5M")]
    [InlineData("git clone https://ghp_x7YSdn60LNJMRLdHb2U9LhOS0irYkPvdRHUN@github.com/acme/app.git", "SECRET_GITHUB", "ghp_x7YSdn60LNJMRLdHb2U9LhOS0irYkPvdRHUN")]
    [InlineData("postgres://app:S3cr3t!pass@db/app", "SECRET_URL_PASSWORD", "S3cr3t!pass")]
    [InlineData("client_secret: \"q9X7vB2mLkP0zR4t\"", "SECRET_GENERIC", "q9X7vB2mLkP0zR4t")]
    public void Of_SomethingPrivate_IsFoundAtItsPlace(string text, string entity, string value)
    {
        var finding = Assert.Single(TextFindings.Of(text));

        Assert.Equal((entity, value), (finding.Entity, text[finding.Start..finding.End]));
        Assert.DoesNotContain(value, finding.Masked, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("order number 4111111111111112 is late")]
    [InlineData("order number 5555 5555 5555 5555 is late")]
    [InlineData("Find the book ISBN 978-3-16-148410-0")]
    [InlineData("reference GB00NWBK60161331926819 is not valid, why?")]
    [InlineData("part no. 000-12-3456")]
    [InlineData("Set the variable to ${OPENAI_API_KEY} in the docs")]
    [InlineData("AKIA**************** in the docs")]
    [InlineData("ping user@host and @alice")]
    [InlineData("due on 2026-11-28, seasons 1997–2000")]
    [InlineData("my password: I forgot it")]
    public void Of_WhatOnlyLooksPrivate_FindsNothing(string text) => Assert.Empty(TextFindings.Of(text));

    [Fact]
    public void Without_Findings_HoldsNoneOfThem()
    {
        const string text = "Card 4111111111111111, mail anna@example.com";

        Assert.Equal("Card ****1111, mail a***@***.com", TextFindings.Without(text, TextFindings.Of(text), mask: true));
        Assert.Equal("Card [CREDIT_CARD], mail [EMAIL_ADDRESS]", TextFindings.Without(text, TextFindings.Of(text), mask: false));
    }

    [Fact]
    public void Of_AnyText_FindsPlacesInOrderThatDoNotOverlap() => Texts.Nasty.Select(Texts.Any(" 4111111111111111", "@a.de", " +49 30 1234567", "password=aB3$kkQ9z", " 1.2.3.4")).Sample((text, tail) =>
    {
        var all = text + tail + text;
        var findings = TextFindings.Of(all);
        return findings.All(finding => 0 <= finding.Start && finding.Start < finding.End && finding.End <= all.Length) && findings.Zip(findings.Skip(1)).All(pair => pair.First.End <= pair.Second.Start);
    });
}
