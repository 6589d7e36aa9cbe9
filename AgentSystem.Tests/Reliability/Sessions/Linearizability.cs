namespace AgentSystem.Tests.Reliability.Sessions;

/// <summary>An operation on a register, as its caller saw it.</summary>
/// <param name="Kind">What was asked.</param>
/// <param name="Value">What was written, or what a read saw.</param>
/// <param name="Expected">For a compare-and-set: the value it was made on.</param>
/// <param name="Began">Moments of one counter: an operation that ended before another began came first.</param>
/// <param name="Ended">The same; <see cref="long.MaxValue"/> for one whose outcome is not known.</param>
internal sealed record RegisterOperation(RegisterKind Kind, int Value, int Expected, long Began, long Ended)
{
    public bool MayBeMissing => Ended == long.MaxValue;

    /// <summary>The register after it; null when it cannot have happened on <paramref name="value"/>.</summary>
    public int? On(int value) => Kind switch
    {
        RegisterKind.Read => value == Value ? value : (int?)null,
        RegisterKind.Write => Value,
        RegisterKind.Set => value == Expected ? Value : (int?)null,
        _ => value != Expected ? value : (int?)null,
    };
}

internal enum RegisterKind
{
    Read,
    Write,

    /// <summary>A compare-and-set that succeeded, or may have.</summary>
    Set,

    /// <summary>A compare-and-set that was refused.</summary>
    Refused,
}

/// <summary>
/// Whether there is one order of all operations that explains every answer and in which whatever ended first comes first (Wing and Gong 1993), searched with the states already met
/// remembered (Lowe 2017). Operations of unknown outcome may have happened at any time after they began, or never.
/// </summary>
internal static class Linearizability
{
    public static bool Explains(IReadOnlyList<RegisterOperation> history, int initial)
    {
        var operations = history.OrderBy(operation => operation.Began).ToArray();
        var met = new HashSet<(string Done, int Value)>();
        var open = new Stack<(bool[] Done, int Value)>();
        open.Push((new bool[operations.Length], initial));
        while (open.TryPop(out var state))
        {
            var left = Enumerable.Range(0, operations.Length).Where(i => !state.Done[i]).ToArray();
            if (left.All(i => operations[i].MayBeMissing))
            {
                return true;
            }

            // Only what began before the first of the others ended can come next.
            var limit = left.Min(i => operations[i].Ended);
            foreach (var i in left.Where(i => operations[i].Began < limit))
            {
                if (operations[i].On(state.Value) is { } value)
                {
                    var done = (bool[])state.Done.Clone();
                    done[i] = true;
                    if (met.Add((string.Concat(done.Select(each => each ? '1' : '0')), value)))
                    {
                        open.Push((done, value));
                    }
                }
            }
        }

        return false;
    }
}
