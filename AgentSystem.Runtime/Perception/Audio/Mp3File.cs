using AgentSystem.Runtime.Perception.Audio.NLayer;

namespace AgentSystem.Runtime.Perception.Audio;

/// <summary>MP3: every frame's header is read, so that the duration is counted and not guessed. Tags (ID3v2, ID3v1, APE) are passed over.</summary>
internal static class Mp3File
{
    private const int OldTag = 128;

    public static (AudioProbe?, PartProblem?) Probe(ReadOnlyMemory<byte> file, PerceptionOptions limits)
    {
        var bytes = file.Span;
        var start = 0;
        if (bytes.StartsWith("ID3"u8))
        {
            if (bytes.Length < 10 || bytes[6..10].ContainsAnyInRange((byte)0x80, (byte)0xFF))
            {
                return Refuse.Malformed("its tag has no length");
            }

            start = 10 + ((bytes[6] << 21) | (bytes[7] << 14) | (bytes[8] << 7) | bytes[9]);
            if (start > limits.MaxHeaderBytes)
            {
                return Refuse.HeaderTooLong(limits.MaxHeaderBytes);
            }
        }

        if (start >= bytes.Length)
        {
            return Refuse.Truncated;
        }

        Mp3Frame? first = null;
        var (at, samples, frames) = (start, 0L, 0);
        while (Mp3Frame.TryRead(bytes[at..], out var frame) && (first is null || (frame.SampleRate == first.Value.SampleRate)))
        {
            if (at + frame.Length > bytes.Length)
            {
                return Refuse.Truncated;
            }

            // An encoder's first frame may hold a table and no sound.
            var table = first is null && bytes.Slice(at, Math.Min(frame.Length, 64)) is var head && (head.IndexOf("Xing"u8) >= 0 || head.IndexOf("Info"u8) >= 0);
            samples += table ? 0 : frame.Samples;
            first ??= frame;
            frames++;
            at += frame.Length;
        }

        if (first is not { } sound || (frames < 2 && at < bytes.Length))
        {
            return Refuse.Malformed("no frame stands where the first one should");
        }

        var rest = bytes[at..];
        if (rest.Length > 0 && !rest.StartsWith("TAG"u8) && !rest.StartsWith("APETAGEX"u8) && (rest.Length > OldTag || MediaSniffer.BeginsAnother(rest)))
        {
            return MediaSniffer.BeginsAnother(rest) ? Refuse.TwoFiles : Refuse.Malformed("a frame does not begin where it should");
        }

        var content = file[start..at];
        return (new AudioProbe("mp3", (double)samples / sound.SampleRate, sound.SampleRate, sound.Channels, null, () => new Mp3Samples(content, sound.SampleRate, sound.Channels)), null);
    }
}
