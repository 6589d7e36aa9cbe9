using AgentSystem.Runtime.Security;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Security;

public sealed class KeySecretsTests
{
    [Fact]
    public void Create_EveryTime_HasItsChecksumAndIsAnother()
    {
        var made = Enumerable.Range(0, 200).Select(_ => KeySecrets.Create()).ToArray();

        Assert.All(made, static secret => Assert.True(KeySecrets.HasRightChecksum(secret)));
        Assert.All(made, static secret => Assert.Matches("^as-[A-Za-z0-9_-]{49}$", secret));
        Assert.Equal(made.Length, made.Distinct().Count());
    }

    [Fact]
    public void HasRightChecksum_OneCharacterWrong_IsFalse()
    {
        var secret = KeySecrets.Create();
        // The last character of a checksum carries two bits only; the other spellings of the same bits are wrong as well.
        Gen.Select(Gen.Int[3, secret.Length - 1], Gen.Char['a', 'z']).Sample((place, letter) =>
            secret[place] == letter || !KeySecrets.HasRightChecksum(secret[..place] + letter + secret[(place + 1)..]));
    }

    [Theory]
    [InlineData("as-test-admin-key-0123456789-0123456789")]
    [InlineData("a key of an operator's own choosing that is long enough")]
    [InlineData("as-0123456789012345678901234567890123456789012")]
    public void HasRightChecksum_KeyOfAnotherForm_Passes(string secret) => Assert.True(KeySecrets.HasRightChecksum(secret));
}
