namespace AgentSystem.Runtime.Perception.Audio;

/// <summary>What a sound file says of itself, and how to hear it.</summary>
/// <param name="Format">As <c>AudioFacts.Format</c>.</param>
/// <param name="Seconds">Duration.</param>
/// <param name="SampleRate">In Hz.</param>
/// <param name="Samples">Begins to decode; null when this format is not decoded here.</param>
internal sealed record AudioProbe(string Format, double Seconds, int SampleRate, int Channels, int? BitsPerSample, Func<IAudioSamples>? Samples);

/// <summary>Decoded samples, channels in turn, from -1 to 1.</summary>
internal interface IAudioSamples : IDisposable
{
    /// <summary>In Hz; a decoder may resample.</summary>
    int SampleRate { get; }

    int Channels { get; }

    /// <summary>Fills the buffer from its beginning; 0 at the end. Broken data end the sound or throw.</summary>
    int Read(Span<float> buffer);
}

/// <summary>Common refusals of sounds.</summary>
internal static class Refuse
{
    private const string What = "audio";

    public static (AudioProbe?, PartProblem?) Truncated => (null, PartProblem.Truncated(What));

    public static (AudioProbe?, PartProblem?) Malformed(string how) => (null, PartProblem.Malformed(What, how));

    public static (AudioProbe?, PartProblem?) HeaderTooLong(long most) => (null, PartProblem.HeaderTooLong(What, most));

    public static (AudioProbe?, PartProblem?) TwoFiles => (null, PartProblem.TwoFiles);
}
