namespace AgentSystem.Runtime.Perception.Audio;

/// <summary>The header of a frame of MPEG audio, layer III (ISO/IEC 11172-3 and 13818-3, and the extension "2.5" for low rates).</summary>
/// <param name="SampleRate">In Hz.</param>
/// <param name="Samples">Of each channel in the frame.</param>
/// <param name="Length">In bytes, the header included.</param>
internal readonly record struct Mp3Frame(int SampleRate, int Channels, int Samples, int Length)
{
    private static readonly int[] RatesOf1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    private static readonly int[] RatesOf2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    private static readonly int[] SampleRates = [44_100, 48_000, 32_000];

    public static bool TryRead(ReadOnlySpan<byte> bytes, out Mp3Frame frame)
    {
        frame = default;
        if (bytes.Length < 4 || bytes[0] != 0xFF || (bytes[1] & 0xE0) != 0xE0)
        {
            return false;
        }

        var (version, layer, rate, frequency) = ((bytes[1] >> 3) & 3, (bytes[1] >> 1) & 3, bytes[2] >> 4, (bytes[2] >> 2) & 3);
        // Layer III only; rate 0 is "free", which no length follows from.
        if (version == 1 || layer != 1 || rate is 0 or 15 || frequency == 3)
        {
            return false;
        }

        var first = version == 3;
        var kilobits = (first ? RatesOf1 : RatesOf2)[rate];
        var sampleRate = SampleRates[frequency] >> (first ? 0 : version == 2 ? 1 : 2);
        frame = new Mp3Frame(sampleRate, bytes[3] >> 6 == 3 ? 1 : 2, first ? 1_152 : 576, ((first ? 144_000 : 72_000) * kilobits / sampleRate) + ((bytes[2] >> 1) & 1));
        return true;
    }
}
