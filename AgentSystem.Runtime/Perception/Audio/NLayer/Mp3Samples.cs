using NLayer;

namespace AgentSystem.Runtime.Perception.Audio.NLayer;

/// <summary>Decodes frames of MP3 with NLayer. It is given whole frames only.</summary>
internal sealed class Mp3Samples(ReadOnlyMemory<byte> frames, int sampleRate, int channels) : IAudioSamples
{
    private readonly MpegFile decoder = new(new MemoryStream(frames.ToArray(), writable: false));

    public int SampleRate => sampleRate;

    public int Channels => channels;

    public int Read(Span<float> buffer) => decoder.ReadSamples(buffer);

    public void Dispose() => decoder.Dispose();
}
