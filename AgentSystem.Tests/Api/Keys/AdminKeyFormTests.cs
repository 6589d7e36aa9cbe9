using AgentSystem.Api.Keys;
using AgentSystem.Runtime.Security;
using Microsoft.Extensions.Configuration;

namespace AgentSystem.Tests.Api.Keys;

/// <summary>What an operator may give as the admin key, before anything is started.</summary>
public sealed class AdminKeyFormTests
{
    [Fact]
    public void Check_AKeyMadeHere_IsTakenWholeAndNotWithASlip()
    {
        var made = KeySecrets.Create();
        Assert.Empty(Check(made));

        var mistake = Assert.Single(Check(made[..^1] + (made[^1] == 'A' ? 'Q' : 'A')));
        Assert.StartsWith("AGENTSYSTEM_ADMIN_KEY has the length", mistake, StringComparison.Ordinal);
        Assert.DoesNotContain(made[3..20], mistake, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("an-operators-own-choice-of-at-least-32-letters")]
    [InlineData("as-test-admin-key-0123456789-0123456789")]
    public void Check_AKeyOfTheirOwn_IsTaken(string key) => Assert.Empty(Check(key));

    private static IEnumerable<string> Check(string key) =>
        AdminKey.Check(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("AGENTSYSTEM_ADMIN_KEY", (string?)key)]).Build());
}
