namespace AgentSystem.ServiceDefaults.Inference.Onnx.Decoding;

/// <summary>The inside of any JSON string: valid UTF-8, escapes complete, surrogate escapes left out.</summary>
internal sealed class JsonStringMatcher : IByteMatcher
{
    private const int LongestBytes = 4096;

    private const int Ready = 0;
    private const int Escape = 1;
    private const int FirstHex = 2;
    private const int SecondHex = 3;
    private const int SecondHexAfterD = 4;
    private const int ThirdHex = 5;
    private const int FourthHex = 6;
    private const int OneMore = 7;
    private const int TwoMore = 8;
    private const int ThreeMore = 9;
    private const int AfterE0 = 10;
    private const int AfterED = 11;
    private const int AfterF0 = 12;
    private const int AfterF4 = 13;
    private const int Refused = -1;

    public void Begin(ICollection<Cursor> cursors) => cursors.Add(default);

    public bool TryRead(Cursor cursor, byte value, out Cursor next)
    {
        var place = cursor.Place == Ready && cursor.Count >= LongestBytes ? Refused : Follow(cursor.Place, value);
        next = new Cursor(place, cursor.Count + 1);
        return place != Refused;
    }

    public bool MayEnd(Cursor cursor) => cursor.Place == Ready;

    private static int Follow(int place, byte value) => place switch
    {
        Ready => Lead(value),
        Escape => value switch
        {
            (byte)'u' => FirstHex,
            (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t' => Ready,
            _ => Refused,
        },
        FirstHex => !char.IsAsciiHexDigit((char)value) ? Refused : value is (byte)'d' or (byte)'D' ? SecondHexAfterD : SecondHex,
        SecondHex => char.IsAsciiHexDigit((char)value) ? ThirdHex : Refused,
        // D8 to DF begin halves of surrogate pairs, which mean nothing alone.
        SecondHexAfterD => value is >= (byte)'0' and <= (byte)'7' ? ThirdHex : Refused,
        ThirdHex => char.IsAsciiHexDigit((char)value) ? FourthHex : Refused,
        FourthHex => char.IsAsciiHexDigit((char)value) ? Ready : Refused,
        OneMore => Between(value, 0x80, 0xBF, Ready),
        TwoMore => Between(value, 0x80, 0xBF, OneMore),
        ThreeMore => Between(value, 0x80, 0xBF, TwoMore),
        AfterE0 => Between(value, 0xA0, 0xBF, OneMore),
        AfterED => Between(value, 0x80, 0x9F, OneMore),
        AfterF0 => Between(value, 0x90, 0xBF, TwoMore),
        AfterF4 => Between(value, 0x80, 0x8F, TwoMore),
        _ => Refused,
    };

    private static int Lead(byte value) => value switch
    {
        (byte)'\\' => Escape,
        (byte)'"' or < 0x20 => Refused,
        < 0x80 => Ready,
        >= 0xC2 and <= 0xDF => OneMore,
        0xE0 => AfterE0,
        0xED => AfterED,
        >= 0xE1 and <= 0xEF => TwoMore,
        0xF0 => AfterF0,
        0xF4 => AfterF4,
        >= 0xF1 and <= 0xF3 => ThreeMore,
        _ => Refused,
    };

    private static int Between(byte value, byte low, byte high, int next) => value >= low && value <= high ? next : Refused;
}
