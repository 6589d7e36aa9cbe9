using System.Text;

namespace AgentSystem.ServiceDefaults.Inference.Onnx.Decoding;

/// <summary>
/// Reads a text through a <see cref="Grammar"/>, following every path that still fits. Tokens are tried whole, byte by byte, because one token may hold
/// the end of a value and the beginning of what follows.
/// </summary>
internal sealed class GrammarReader
{
    private readonly Grammar _grammar;
    private readonly bool[] _firstBytes = new bool[256];
    private readonly List<Cursor> _begin = [];
    private List<Position> _current = [];
    private List<Position> _trial = [];
    private List<Position> _trialNext = [];
    private bool _firstBytesKnown;

    public GrammarReader(Grammar grammar)
    {
        _grammar = grammar;
        Enter(Grammar.Start, _current);
    }

    /// <summary>Whether a text is exactly what the matcher reads.</summary>
    public static bool IsWhole(IByteMatcher matcher, string text)
    {
        var grammar = new Grammar();
        grammar.Link(grammar.Append(Grammar.Start, matcher), Grammar.End);
        var reader = new GrammarReader(grammar);
        return reader.TryFollow(Encoding.UTF8.GetBytes(text)) && reader._trial.Exists(position => position.Node == Grammar.End);
    }

    /// <summary>True when what was read is complete.</summary>
    public bool MayEnd => _current.Exists(position => position.Node == Grammar.End);

    /// <summary>Whether the bytes may follow.</summary>
    public bool Fits(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || !FirstByteFits(bytes[0]))
        {
            return false;
        }

        return bytes.Length == 1 || TryFollow(bytes);
    }

    /// <summary>Reads bytes that fit.</summary>
    public void Read(ReadOnlySpan<byte> bytes)
    {
        TryFollow(bytes);
        (_current, _trial) = (_trial, _current);
        _firstBytesKnown = false;
    }

    private bool FirstByteFits(byte value)
    {
        if (!_firstBytesKnown)
        {
            Array.Clear(_firstBytes);
            foreach (var position in _current)
            {
                for (var candidate = 0; candidate < 256 && position.Node != Grammar.End; candidate++)
                {
                    _firstBytes[candidate] |= _grammar.Matcher(position.Node)!.TryRead(position.Cursor, (byte)candidate, out _);
                }
            }

            _firstBytesKnown = true;
        }

        return _firstBytes[value];
    }

    // Leaves the positions after the bytes in _trial.
    private bool TryFollow(ReadOnlySpan<byte> bytes)
    {
        _trial.Clear();
        _trial.AddRange(_current);
        foreach (var value in bytes)
        {
            _trialNext.Clear();
            foreach (var position in _trial)
            {
                if (position.Node != Grammar.End && _grammar.Matcher(position.Node) is { } matcher && matcher.TryRead(position.Cursor, value, out var next))
                {
                    Add(new Position(position.Node, next), _trialNext);
                    if (matcher.MayEnd(next))
                    {
                        Leave(position.Node, _trialNext);
                    }
                }
            }

            (_trial, _trialNext) = (_trialNext, _trial);
            if (_trial.Count == 0)
            {
                return false;
            }
        }

        return true;
    }

    private void Enter(int node, List<Position> positions)
    {
        if (node == Grammar.End)
        {
            Add(new Position(node, default), positions);
        }
        else if (_grammar.Matcher(node) is { } matcher)
        {
            _begin.Clear();
            matcher.Begin(_begin);
            var mayBeEmpty = _begin.Exists(matcher.MayEnd);
            if (!positions.Exists(position => position.Node == node))
            {
                positions.AddRange(_begin.Select(cursor => new Position(node, cursor)));
            }
            else
            {
                _begin.ForEach(cursor => Add(new Position(node, cursor), positions));
            }

            if (mayBeEmpty)
            {
                Leave(node, positions);
            }
        }
        else
        {
            Leave(node, positions);
        }
    }

    private void Leave(int node, List<Position> positions)
    {
        foreach (var next in _grammar.Next(node))
        {
            Enter(next, positions);
        }
    }

    private static void Add(Position position, List<Position> positions)
    {
        if (!positions.Contains(position))
        {
            positions.Add(position);
        }
    }

    private readonly record struct Position(int Node, Cursor Cursor);
}
