using System.Text;
using System.Text.RegularExpressions;

namespace AgentSystem.ServiceDefaults.Inference.Onnx.Decoding;

/// <summary>
/// Well-formed arithmetic in which every number literal is one that occurs, whole and as written, in a given text. Operators and brackets are free, as far
/// as the argument's class of characters allows them. After a percent sign both an operator and an operand may follow: it may mean a share or a remainder.
/// </summary>
internal sealed partial class NumbersMatcher : IByteMatcher
{
    private const int LongestBytes = 200;

    // A cursor's place is a node of the tree of numbers while inside one, else what is expected next.
    private const int Operand = -1;
    private const int Operator = -2;
    private const int Either = -3;

    private readonly bool[] _allowed = new bool[128];
    private readonly Dictionary<(int Node, byte Value), int> _edges = [];
    private readonly HashSet<int> _complete = [];

    /// <param name="source">Where the numbers come from.</param>
    /// <param name="isAllowed">The class of characters, asked for printable ASCII.</param>
    public NumbersMatcher(string source, Func<char, bool> isAllowed)
    {
        for (var value = ' '; value <= '~'; value++)
        {
            _allowed[value] = isAllowed(value);
        }

        foreach (var number in Numbers(source))
        {
            var node = 0;
            foreach (var value in Encoding.ASCII.GetBytes(number))
            {
                if (!_edges.TryGetValue((node, value), out var next))
                {
                    next = _edges.Count + 1;
                    _edges[(node, value)] = next;
                }

                node = next;
            }

            _complete.Add(node);
        }
    }

    /// <summary>The number literals of a text, as written.</summary>
    public static IEnumerable<string> Numbers(string text) => NumberLiteral().Matches(text).Select(match => match.Value);

    public void Begin(ICollection<Cursor> cursors) => cursors.Add(new Cursor(Operand));

    // The count packs how many bytes were read and, above them, how many brackets are open.
    public bool TryRead(Cursor cursor, byte value, out Cursor next)
    {
        var (length, depth) = ((cursor.Count & 0xFFFF) + 1, cursor.Count >> 16);
        next = default;
        if (value >= _allowed.Length || !_allowed[value])
        {
            return false;
        }

        if (char.IsAsciiDigit((char)value) || value == (byte)'.')
        {
            next = new Cursor(_edges.GetValueOrDefault((Math.Max(cursor.Place, 0), value)), (depth << 16) | length);
            return cursor.Place != Operator && next.Place > 0;
        }

        var place = Follow(cursor.Place, (char)value, depth);
        depth += value switch { (byte)'(' => 1, (byte)')' => -1, _ => 0 };
        next = new Cursor(place, (depth << 16) | length);
        // Past the longest length only what brings the expression to its end may follow.
        return place != 0 && (length <= LongestBytes || value == (byte)')');
    }

    public bool MayEnd(Cursor cursor) =>
        cursor.Count >> 16 == 0 && (cursor.Place is Operator or Either || (cursor.Place > 0 && _complete.Contains(cursor.Place)));

    // What is expected after a sign; 0 when it may not stand here.
    private int Follow(int place, char value, int depth)
    {
        var wantsOperand = place is Operand or Either;
        var mayOperate = place is Operator or Either || (place > 0 && _complete.Contains(place));
        return value switch
        {
            '(' when wantsOperand => Operand,
            '-' when place == Operand => Operand,
            '+' or '-' or '*' or '/' or '^' when mayOperate => Operand,
            '%' when mayOperate && place != Either => Either,
            ')' when mayOperate && depth > 0 => Operator,
            _ => 0,
        };
    }

    [GeneratedRegex(@"[0-9]+(?:\.[0-9]+)?|\.[0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex NumberLiteral();
}
