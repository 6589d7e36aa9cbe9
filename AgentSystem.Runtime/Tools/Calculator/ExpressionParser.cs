using System.Globalization;
using System.Numerics;

namespace AgentSystem.Runtime.Tools.Calculator;

/// <summary>
/// Reads and evaluates arithmetic exactly. From loosest to tightest: <c>+ -</c>, <c>* /</c> (both from the left), unary <c>+ -</c>,
/// <c>^</c> (from the right, whole exponents; its exponent may have a sign), postfix <c>%</c> (hundredths), parentheses and numbers.
/// So <c>-2^2 = -4</c>, <c>2^3^2 = 512</c>, <c>2^-1 = 0.5</c>, <c>15%*80 = 12</c>, <c>0^0 = 1</c>. Nothing is multiplied without a sign.
/// Length, depth and the size of every intermediate number are bounded, so time and memory are too.
/// </summary>
internal ref struct ExpressionParser
{
    /// <summary>Longest expression, in characters.</summary>
    public const int MaxLength = 1000;

    /// <summary>Deepest nesting of parentheses, signs and powers.</summary>
    public const int MaxDepth = 100;

    /// <summary>Largest intermediate number, numerator and denominator together, in bits (about 5,000 digits).</summary>
    public const int MaxBits = 16_384;

    private static readonly Rational Hundredth = new(1, 100);

    private readonly ReadOnlySpan<char> text;
    private int position;
    private int depth;
    private string? error;

    private ExpressionParser(ReadOnlySpan<char> expression) => text = expression;

    public static Calculation Evaluate(string expression)
    {
        if (expression.Length > MaxLength)
        {
            return new Calculation.Failure($"the expression is longer than {MaxLength} characters");
        }

        var parser = new ExpressionParser(expression);
        if (parser.Peek() == '\0' && parser.position == expression.Length)
        {
            return new Calculation.Failure("there is nothing to calculate");
        }

        var value = parser.Sum();
        if (parser.error is null && parser.position < expression.Length)
        {
            parser.FailAtPosition("an operator");
        }

        return parser.error is { } error ? new Calculation.Failure(error) : new Calculation.Number(value);
    }

    private Rational Sum()
    {
        var value = Product();
        while (error is null && Peek() is '+' or '-' or '−')
        {
            var plus = Take() == '+';
            var next = Product();
            value = Bounded(plus ? value + next : value - next);
        }

        return value;
    }

    private Rational Product()
    {
        var value = Signed();
        while (error is null && Peek() is '*' or '×' or '/' or '÷')
        {
            var times = Take() is '*' or '×';
            var next = Signed();
            value = times ? Bounded(value * next) : Divided(value, next);
        }

        return value;
    }

    private Rational Signed()
    {
        var negative = false;
        while (Peek() is '+' or '-' or '−')
        {
            negative ^= Take() != '+';
        }

        var value = Power();
        return negative ? -value : value;
    }

    private Rational Power()
    {
        if (++depth > MaxDepth)
        {
            return Fail($"the expression is nested more than {MaxDepth} levels deep");
        }

        var value = Percent();
        if (error is null && Peek() == '^')
        {
            Take();
            value = Raised(value, Signed());
        }

        depth--;
        return value;
    }

    private Rational Percent()
    {
        var value = Operand();
        while (error is null && Peek() == '%')
        {
            Take();
            value = Bounded(value * Hundredth);
        }

        return value;
    }

    private Rational Operand()
    {
        if (error is not null)
        {
            return Rational.Zero;
        }

        var next = Peek();
        if (next is (>= '0' and <= '9') or '.')
        {
            return Number();
        }

        if (next != '(')
        {
            return FailAtPosition("a number");
        }

        var opened = position;
        Take();
        var value = Sum();
        if (error is null && Peek() != ')')
        {
            return position == text.Length ? Fail($"the parenthesis at position {opened + 1} is never closed") : FailAtPosition("an operator or ')'");
        }

        Take();
        return value;
    }

    private Rational Number()
    {
        var start = position;
        var point = -1;
        while (position < text.Length && (char.IsAsciiDigit(text[position]) || (text[position] == '.' && point < 0)))
        {
            if (text[position] == '.')
            {
                point = position;
            }

            position++;
        }

        var whole = point < 0 ? text[start..position] : text[start..point];
        var fraction = point < 0 ? [] : text[(point + 1)..position];
        if (whole.Length + fraction.Length == 0)
        {
            position = start;
            return FailAtPosition("a number");
        }

        var digits = BigInteger.Parse(string.Concat(whole, fraction), NumberStyles.None, CultureInfo.InvariantCulture);
        return Bounded(new Rational(digits, BigInteger.Pow(10, fraction.Length)));
    }

    private Rational Divided(Rational value, Rational by) =>
        error is not null ? Rational.Zero
        : by.IsZero ? Fail("division by zero")
        : Bounded(value / by);

    private Rational Raised(Rational value, Rational exponent)
    {
        if (error is not null)
        {
            return Rational.Zero;
        }

        if (!exponent.IsInteger)
        {
            return Fail("an exponent must be a whole number");
        }

        if (value.IsZero && exponent.Numerator.Sign < 0)
        {
            return Fail("division by zero");
        }

        if (value.IsZero || value == Rational.One || value == -Rational.One)
        {
            // However large the exponent is, only its parity counts.
            return exponent.IsZero ? Rational.One : value.Numerator.Sign < 0 && exponent.Numerator.IsEven ? Rational.One : value;
        }

        // Refused before it is computed: the power has at least (bits - 2) * |exponent| bits.
        return BigInteger.Abs(exponent.Numerator) * Math.Max(1, value.Bits - 2) > MaxBits
            ? Fail("the number gets too large")
            : Bounded(value.Power((int)exponent.Numerator));
    }

    private Rational Bounded(Rational value) => error is null && value.Bits > MaxBits ? Fail("the number gets too large") : value;

    /// <summary>The next character that is not white space, or NUL at the end.</summary>
    private char Peek()
    {
        while (position < text.Length && char.IsWhiteSpace(text[position]))
        {
            position++;
        }

        return position < text.Length ? text[position] : '\0';
    }

    private char Take() => position < text.Length ? text[position++] : '\0';

    private Rational FailAtPosition(string expected) => Fail(Peek() == '\0' && position == text.Length
        ? $"the expression ends where {expected} is expected"
        : $"expected {expected} at position {position + 1}; use digits . + - * / ^ % ( )");

    private Rational Fail(string reason)
    {
        // The first failure is the one worth reading; the ones after it are its echoes.
        error ??= reason;
        return Rational.Zero;
    }
}
