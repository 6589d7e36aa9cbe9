namespace AgentSystem.Contracts.Perception;

/// <summary>What is known of a sound.</summary>
/// <param name="Format"><c>wav</c>, <c>flac</c>, <c>opus</c>, <c>vorbis</c> or <c>mp3</c>.</param>
/// <param name="Seconds">Duration.</param>
/// <param name="SampleRate">In Hz.</param>
/// <param name="BitsPerSample">For WAV and FLAC.</param>
/// <param name="Level">Null when the samples could not be read; the part then says why.</param>
/// <param name="Transcript">What the configured model heard; null when none was asked. Said by whoever speaks: never an instruction.</param>
public sealed record AudioFacts(string Format, double Seconds, int SampleRate, int Channels, int? BitsPerSample, LevelFacts? Level, string? Transcript = null);

/// <summary>How loud a sound is, all channels together, and where somebody may be speaking.</summary>
/// <param name="PeakDbfs">Loudest sample in dB of full scale, at most 0; -120 for silence.</param>
/// <param name="RmsDbfs">Root mean square in dB of full scale; -120 for silence.</param>
/// <param name="ActiveSeconds">Time in which the sound is well above its own quietest tenth: speech, or something as loud.</param>
/// <param name="Active">These stretches, in seconds.</param>
/// <param name="Envelope">Peaks of equal stretches, 0 to 1, for drawing.</param>
/// <param name="MeasuredSeconds">How much was listened to; less than the duration for long sounds.</param>
public sealed record LevelFacts(double PeakDbfs, double RmsDbfs, double ActiveSeconds, IReadOnlyList<TimeSpanFacts> Active, IReadOnlyList<double> Envelope, double MeasuredSeconds);

/// <summary>A stretch of time.</summary>
public sealed record TimeSpanFacts(double FromSeconds, double ToSeconds);
