namespace AgentSystem.ServiceDefaults.Inference.Onnx.Decoding;

/// <summary>A JSON number (RFC 8259, section 6) without an exponent: an integer of at most 15 digits, which every reader takes exactly, and where it may have one a fraction of as many.</summary>
internal sealed class JsonNumberMatcher(bool isInteger) : IByteMatcher
{
    private const int MostDigits = 15;

    private const int Begun = 0, Signed = 1, Zero = 2, Whole = 3, Point = 4, Fraction = 5, Refused = -1;

    public void Begin(ICollection<Cursor> cursors) => cursors.Add(default);

    // The count is of digits, on the one side of the point and then on the other.
    public bool TryRead(Cursor cursor, byte value, out Cursor next)
    {
        var place = Follow(cursor.Place, (char)value);
        var digits = place is Whole or Fraction ? cursor.Count + 1 : 0;
        next = new Cursor(place, digits);
        return place != Refused && digits <= MostDigits;
    }

    public bool MayEnd(Cursor cursor) => cursor.Place is Zero or Whole or Fraction;

    private int Follow(int place, char value) => (place, value) switch
    {
        (Begun, '-') => Signed,
        (Begun or Signed, '0') => Zero,
        (Begun or Signed, >= '1' and <= '9') or (Whole, >= '0' and <= '9') => Whole,
        (Zero or Whole, '.') when !isInteger => Point,
        (Point or Fraction, >= '0' and <= '9') => Fraction,
        _ => Refused,
    };
}
