using System.Globalization;
using AgentSystem.Contracts.Perception;

namespace AgentSystem.Runtime.Perception.Audio;

/// <summary>Everything that is known of a sound.</summary>
internal static class AudioAnalysis
{
    /// <summary>The facts, with what is missing from them; or why the sound is refused.</summary>
    public static (AudioFacts? Facts, string? Missing, PartProblem? Problem) Of(ReadOnlyMemory<byte> file, string mediaType, PerceptionOptions options, CancellationToken cancellation)
    {
        var (probe, problem) = mediaType switch
        {
            "audio/wav" => WavFile.Probe(file, options),
            "audio/flac" => FlacFile.Probe(file, options),
            "audio/ogg" => OggFile.Probe(file, options),
            "audio/mpeg" => Mp3File.Probe(file, options),
            _ => (null, new PartProblem(415, "media_type_not_supported", $"{mediaType} is not supported; send WAV, FLAC, Opus or Vorbis in Ogg, or MP3.")),
        };
        if (probe is null)
        {
            return (null, null, problem);
        }

        if (!(probe.Seconds <= options.MaxAudio.TotalSeconds))
        {
            return (null, null, new PartProblem(422, "audio_too_long", string.Create(CultureInfo.InvariantCulture, $"The audio is longer than {options.MaxAudio.TotalMinutes:0.##} minutes; send it in pieces.")));
        }

        var facts = new AudioFacts(probe.Format, Math.Round(probe.Seconds, 3), probe.SampleRate, probe.Channels, probe.BitsPerSample, null);
        if (probe.Samples is null)
        {
            return (facts, $"Level and activity are not measured: {probe.Format} is not decoded here; send WAV, Opus (one or two channels) or MP3.", null);
        }

        try
        {
            using var samples = probe.Samples();
            var level = LevelMeter.Measure(samples, options.MaxListening, cancellation);
            return (facts with { Level = level }, level.MeasuredSeconds + 1 < probe.Seconds ? string.Create(CultureInfo.InvariantCulture, $"Only the first {level.MeasuredSeconds:0.#} seconds were listened to.") : null, null);
        }
        catch (Exception e) when (e is not (OperationCanceledException or OutOfMemoryException))
        {
            // A third party's decoder may throw anything on broken data; what the header said is true all the same.
            return (facts, "Level and activity are not measured: the samples are broken.", null);
        }
    }
}
