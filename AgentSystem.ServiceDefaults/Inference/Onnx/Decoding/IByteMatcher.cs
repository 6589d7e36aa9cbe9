namespace AgentSystem.ServiceDefaults.Inference.Onnx.Decoding;

/// <summary>A place inside a matcher; what the two numbers mean is the matcher's own business.</summary>
internal readonly record struct Cursor(int Place, int Count = 0);

/// <summary>One element of a grammar, read byte by byte. Immutable: the state is in the cursors.</summary>
internal interface IByteMatcher
{
    /// <summary>Adds the places at which it may begin.</summary>
    void Begin(ICollection<Cursor> cursors);

    /// <summary>Reads a byte; false when it does not fit.</summary>
    bool TryRead(Cursor cursor, byte value, out Cursor next);

    /// <summary>Whether what was read so far is complete.</summary>
    bool MayEnd(Cursor cursor);
}

/// <summary>Fixed text.</summary>
internal sealed class LiteralMatcher(byte[] text) : IByteMatcher
{
    public void Begin(ICollection<Cursor> cursors) => cursors.Add(default);

    public bool TryRead(Cursor cursor, byte value, out Cursor next)
    {
        next = new Cursor(cursor.Place + 1);
        return cursor.Place < text.Length && text[cursor.Place] == value;
    }

    public bool MayEnd(Cursor cursor) => cursor.Place == text.Length;
}

/// <summary>Anything at all, for what no grammar describes; it is checked when it is complete.</summary>
internal sealed class AnythingMatcher : IByteMatcher
{
    public void Begin(ICollection<Cursor> cursors) => cursors.Add(default);

    public bool TryRead(Cursor cursor, byte value, out Cursor next)
    {
        next = cursor;
        return true;
    }

    public bool MayEnd(Cursor cursor) => true;
}
