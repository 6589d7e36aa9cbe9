using System.Globalization;
using System.Numerics;
using AgentSystem.Runtime.Tools.Calculator;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Tools;

public sealed class CalculatorTests
{
    [Theory]
    [InlineData("17*23", "391")]
    [InlineData("15%*80", "12")]
    [InlineData("18%*250", "45")]
    [InlineData("7.5%*1200", "90")]
    [InlineData("20%*64.50", "12.9")]
    [InlineData("12.5/4", "3.125")]
    [InlineData("(3+4)*2", "14")]
    [InlineData("2^10", "1024")]
    [InlineData("0.1+0.2", "0.3")]
    [InlineData("-2^2", "-4")]
    [InlineData("(-2)^2", "4")]
    [InlineData("2^3^2", "512")]
    [InlineData("2^-1", "0.5")]
    [InlineData("2^-1*4", "2")]
    [InlineData("50%^2", "0.25")]
    [InlineData("0^0", "1")]
    [InlineData("10-3-2", "5")]
    [InlineData("100/10/2", "5")]
    [InlineData("--5", "5")]
    [InlineData("3*-2", "-6")]
    [InlineData(" 1 + 1 ", "2")]
    [InlineData("6×7÷2−1", "20")]
    [InlineData(".5+5.", "5.5")]
    [InlineData("1/3*3", "1")]
    [InlineData("1/3", "0.3333333333333333333333333333 (rounded)")]
    [InlineData("-2/3", "-0.6666666666666666666666666667 (rounded)")]
    [InlineData("1/7*10^30", "142857142857142857142857142900 (rounded)")]
    [InlineData("10^50/3", "3.333333333333333333333333333e49 (rounded)")]
    [InlineData("1/(3*10^20)", "3.333333333333333333333333333e-21 (rounded)")]
    [InlineData("1^99999999999999999999", "1")]
    [InlineData("(-1)^99999999999999999999", "-1")]
    [InlineData("0.00000000000000000001", "0.00000000000000000001")]
    public void Evaluate_WellFormed_GivesTheNumber(string expression, string result) =>
        Assert.Equal(result, ExpressionParser.Evaluate(expression).ToString());

    [Theory]
    [InlineData("1/0", "error: division by zero")]
    [InlineData("0^-1", "error: division by zero")]
    [InlineData("5/(2-2)", "error: division by zero")]
    [InlineData("", "error: there is nothing to calculate")]
    [InlineData("  ", "error: there is nothing to calculate")]
    [InlineData("2+", "error: the expression ends where a number is expected")]
    [InlineData("(2+3", "error: the parenthesis at position 1 is never closed")]
    [InlineData("2)", "error: expected an operator at position 2; use digits . + - * / ^ % ( )")]
    [InlineData("7%3", "error: expected an operator at position 3; use digits . + - * / ^ % ( )")]
    [InlineData("2(3)", "error: expected an operator at position 2; use digits . + - * / ^ % ( )")]
    [InlineData("1.2.3", "error: expected an operator at position 4; use digits . + - * / ^ % ( )")]
    [InlineData("sqrt(2)", "error: expected a number at position 1; use digits . + - * / ^ % ( )")]
    [InlineData(".", "error: expected a number at position 1; use digits . + - * / ^ % ( )")]
    [InlineData("2^0.5", "error: an exponent must be a whole number")]
    [InlineData("9^9^9^9", "error: the number gets too large")]
    [InlineData("2^999999999999", "error: the number gets too large")]
    [InlineData("1+\0", "error: expected a number at position 3; use digits . + - * / ^ % ( )")]
    public void Evaluate_NotCalculable_SaysWhy(string expression, string error) =>
        Assert.Equal(error, ExpressionParser.Evaluate(expression).ToString());

    [Fact]
    public void Evaluate_HostileSize_EndsWithAReason()
    {
        Assert.StartsWith("error: the expression is longer", ExpressionParser.Evaluate(new string('9', 1001)).ToString(), StringComparison.Ordinal);
        Assert.StartsWith("error: the expression is nested", ExpressionParser.Evaluate(new string('(', 999)).ToString(), StringComparison.Ordinal);
        Assert.StartsWith("error: the expression is nested", ExpressionParser.Evaluate(string.Concat(Enumerable.Repeat("1^", 499)) + "1").ToString(), StringComparison.Ordinal);
        Assert.Equal("1", ExpressionParser.Evaluate(new string('-', 998) + "1").ToString());
        // Many fractions with pairwise different denominators grow the common one until the bound stops them.
        Assert.NotEmpty(ExpressionParser.Evaluate(string.Join('+', Enumerable.Range(1, 200).Select(n => $"1/{n}"))).ToString());
        Assert.StartsWith("1.99506311688075838488", ExpressionParser.Evaluate("2^10000").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_Integers_AgreesWithBigInteger() =>
        Gen.Select(Gen.Int, Gen.Long, Gen.Int[1, 40]).Sample((a, b, power) =>
        {
            Assert.Equal(((BigInteger)a + b).ToString(), Value($"{a}+{b}"));
            Assert.Equal(((BigInteger)a - b).ToString(), Value($"{a}-{b}"));
            Assert.Equal(((BigInteger)a * b).ToString(), Value($"{a}*{b}"));
            Assert.Equal(BigInteger.Pow(a, power).ToString(), Value($"({a})^{power}"));
        });

    [Fact]
    public void Evaluate_Decimals_AgreesWithDecimal() =>
        Gen.Select(Gen.Int[-1_000_000_000, 1_000_000_000], Gen.Int[0, 8], Gen.Int[-1_000_000_000, 1_000_000_000], Gen.Int[0, 8]).Sample((a, aPlaces, b, bPlaces) =>
        {
            var (x, y) = (Scaled(a, aPlaces), Scaled(b, bPlaces));
            Assert.Equal(Text(x + y), Value($"{Text(x)}+{Text(y)}"));
            Assert.Equal(Text(x - y), Value($"{Text(x)}-{Text(y)}"));
            Assert.Equal(Text(x * y), Value($"{Text(x)}*{Text(y)}"));
            Assert.Equal(Text(x / 100), Value($"({Text(x)})%"));
        });

    [Fact]
    public void Evaluate_Division_IsUndoneByMultiplication() =>
        Gen.Select(Gen.Long, Gen.Long.Where(divisor => divisor != 0)).Sample((a, b) => Assert.Equal(a.ToString(CultureInfo.InvariantCulture), Value($"({a})/({b})*({b})")));

    [Fact]
    public void Evaluate_RoundedDivision_IsWithinHalfOfTheLastDigit() =>
        Gen.Select(Gen.Int[1, int.MaxValue], Gen.Int[1, int.MaxValue]).Sample((a, b) =>
        {
            var text = Value($"{a}/{b}").Replace(" (rounded)", "", StringComparison.Ordinal);
            // |text - a/b| * b * 2 * 10^(digits after the first) <= value's power of ten, checked in integers.
            var exponent = text.IndexOf('e', StringComparison.Ordinal) is var e and >= 0 ? int.Parse(text[(e + 1)..], CultureInfo.InvariantCulture) : 0;
            var mantissa = exponent == 0 ? text : text[..text.IndexOf('e', StringComparison.Ordinal)];
            var places = mantissa.Contains('.', StringComparison.Ordinal) ? mantissa.Length - mantissa.IndexOf('.', StringComparison.Ordinal) - 1 : 0;
            var digits = BigInteger.Parse(mantissa.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
            var scale = places - exponent;
            var error = BigInteger.Abs((digits * b) - (a * BigInteger.Pow(10, scale)));
            // digits has at most 28 significant ones, trailing zeros cut; the error of the rounded value is at most half a unit of its 28th digit.
            var unit = BigInteger.Pow(10, Math.Max(0, digits.ToString().Length - RationalText.RoundedDigits));
            Assert.True(error * 2 <= b * unit, $"{a}/{b} = {text}");
        });

    [Fact]
    public void Evaluate_AnyText_EndsWithoutException() =>
        Gen.String[Gen.Char["0123456789.+-*/()%^ x\0"], 0, 60].Sample(text => Assert.NotEmpty(ExpressionParser.Evaluate(text).ToString()));

    private static string Value(string expression) => ExpressionParser.Evaluate(expression).ToString();

    private static decimal Scaled(int digits, int places) => new(Math.Abs(digits), 0, 0, digits < 0, (byte)places);

    private static string Text(decimal value) => value == 0 ? "0" : value.ToString("0.############################", CultureInfo.InvariantCulture);
}
