using Concentus;

namespace AgentSystem.Runtime.Perception.Audio.Concentus;

/// <summary>Decodes the packets of an Opus stream with Concentus' managed decoder, at 48 kHz.</summary>
internal sealed class OpusSamples : IAudioSamples
{
    /// <summary>120 ms, the longest packet there is (RFC 6716).</summary>
    private const int LongestPacket = 5_760;

    /// <summary>The two packets of the header.</summary>
    private const int HeaderPackets = 2;

    private readonly IReadOnlyList<ReadOnlyMemory<byte>> packets;
    private readonly IOpusDecoder decoder;
    private readonly float[] decoded;
    private int packet = HeaderPackets;
    private int skip;
    private int at;
    private int end;

    public OpusSamples(IReadOnlyList<ReadOnlyMemory<byte>> packets, int channels, int skipped)
    {
        (this.packets, Channels, skip) = (packets, channels, skipped * channels);
        decoded = new float[LongestPacket * channels];
        // Never a library of the machine's: what decodes here is what was tested.
        OpusCodecFactory.AttemptToUseNativeLibrary = false;
        decoder = OpusCodecFactory.CreateDecoder(SampleRate, channels);
    }

    public int SampleRate => 48_000;

    public int Channels { get; }

    public int Read(Span<float> buffer)
    {
        while (at == end)
        {
            if (packet >= packets.Count)
            {
                return 0;
            }

            (at, end) = (0, decoder.Decode(packets[packet++].Span, decoded, LongestPacket, false) * Channels);
            var skipped = Math.Min(skip, end);
            (at, skip) = (skipped, skip - skipped);
        }

        var count = Math.Min(buffer.Length, end - at);
        decoded.AsSpan(at, count).CopyTo(buffer);
        at += count;
        return count;
    }

    public void Dispose() => decoder.Dispose();
}
