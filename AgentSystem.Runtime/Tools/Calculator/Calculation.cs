namespace AgentSystem.Runtime.Tools.Calculator;

/// <summary>What became of an expression.</summary>
internal abstract record Calculation
{
    private Calculation()
    {
    }

    public sealed record Number(Rational Value) : Calculation;

    /// <param name="Reason">One phrase that names what is wrong and, where there is one, the cure.</param>
    public sealed record Failure(string Reason) : Calculation;

    /// <summary>What the model reads: the number, or <c>error: reason</c>.</summary>
    public sealed override string ToString() => this switch
    {
        Number number => RationalText.Write(number.Value),
        Failure failure => $"error: {failure.Reason}",
        _ => throw new InvalidOperationException("A calculation is a number or a failure."),
    };
}
