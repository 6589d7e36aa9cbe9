using AgentSystem.Runtime.Security.Screening.Findings;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Security.Screening.Findings;

public class ChecksumsTests
{
    private static readonly Gen<string> Digits = Gen.Char['0', '9'].Array[11, 18].Select(digits => new string(digits));

    [Fact]
    public void Luhn_OfAnyDigits_HoldsForExactlyOneCheckDigit() => Digits.Sample(digits => Enumerable.Range(0, 10).Count(check => Checksums.Luhn(digits + check)) == 1);

    [Fact]
    public void Luhn_WithOneDigitChanged_DoesNotHold() => Gen.Select(Digits, Gen.Int[0, 10], Gen.Int[1, 9]).Sample((digits, place, by) =>
    {
        var valid = Enumerable.Range(0, 10).Select(check => digits + check).First(number => Checksums.Luhn(number));
        var changed = valid.ToCharArray();
        changed[place] = (char)('0' + ((changed[place] - '0' + by) % 10));
        return !Checksums.Luhn(changed);
    });

    [Fact]
    public void Iban_OfAnyAccount_HoldsForOneOrTwoCheckNumbers() => Digits.Sample(digits => Enumerable.Range(2, 97).Count(check => Checksums.Iban($"DE{check:00}{digits}")) == 1);

    [Fact]
    public void Verhoeff_OfAnyDigits_HoldsForExactlyOneCheckDigit() => Digits.Sample(digits => Enumerable.Range(0, 10).Count(check => Checksums.Verhoeff(digits + check)) == 1);

    [Theory]
    [InlineData("11144477735", true)]
    [InlineData("11144477736", false)]
    [InlineData("11111111111", false)]
    public void Cpf_KnownNumbers_AreToldApart(string digits, bool valid) => Assert.Equal(valid, Checksums.Cpf(digits));

    [Theory]
    [InlineData("12345678Z", true)]
    [InlineData("12345678A", false)]
    [InlineData("X1234567L", true)]
    public void Dni_KnownNumbers_AreToldApart(string compact, bool valid) => Assert.Equal(valid, Checksums.Dni(compact));

    [Theory]
    [InlineData("86095742719", true)]
    [InlineData("86095742718", false)]
    public void GermanTaxId_KnownNumbers_AreToldApart(string digits, bool valid) => Assert.Equal(valid, Checksums.GermanTaxId(digits));
}
