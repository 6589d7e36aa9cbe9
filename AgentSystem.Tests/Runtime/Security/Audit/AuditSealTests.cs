using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Security.Audit;

namespace AgentSystem.Tests.Runtime.Security.Audit;

public sealed class AuditSealTests
{
    private readonly AuditSeal seal = new(new RootKey("a-root-key-for-tests-0123456789-0123456789"));

    [Fact]
    public void Seal_AName_OpensWithItsSubjectsKeyAndInItsTenantOnly()
    {
        var (subject, other) = (Subject("anna"), Subject("bert"));
        var value = AuditSeal.Seal("default", "subject", "anna", subject);
        var parts = AuditSeal.Parts(value)!.Value;

        Assert.DoesNotContain("anna", value, StringComparison.Ordinal);
        Assert.Equal(("subject", subject.Id), (parts.Kind, parts.Subject));
        Assert.Equal("anna", AuditSeal.Name("default", parts, subject));
        Assert.Null(AuditSeal.Name("default", parts, other));
        Assert.Null(AuditSeal.Name("tenant-a", parts, subject));
        Assert.Null(AuditSeal.Name("default", parts with { Kind = "user" }, subject));
        Assert.Null(AuditSeal.Name("default", parts, null));
    }

    [Fact]
    public void Open_ARowOfAnotherRootSecret_IsRefused()
    {
        var stored = seal.Make("default", seal.Token("default", "anna"));

        Assert.NotNull(seal.Open("default", stored));
        Assert.Null(new AuditSeal(new RootKey("another-root-key-0123456789-0123456789-01")).Open("default", stored));
        Assert.Null(seal.Open("tenant-a", stored));
    }

    [Theory]
    [InlineData("subject:anna", "subject", "anna")]
    [InlineData("address:::1", "address", "::1")]
    [InlineData("user:a:b", "user", "a:b")]
    public void Personal_ASubjectAUserOrAnAddress_IsTold(string value, string kind, string name) => Assert.Equal((kind, name), AuditSeal.Personal(value));

    [Theory]
    [InlineData("key:key_1")]
    [InlineData("system")]
    [InlineData("subject:")]
    [InlineData("users:anna")]
    public void Personal_AnythingElse_IsNot(string value) => Assert.Null(AuditSeal.Personal(value));

    private AuditSubject Subject(string name) => seal.Open("default", seal.Make("default", seal.Token("default", name)))!;
}
