using AgentSystem.Contracts.Perception;

namespace AgentSystem.Runtime.Perception.Audio;

/// <summary>Measures a sound in steps of 20 ms: how loud it is, and where it stands out of its own background (an energy detector with a floor from its quietest tenth).</summary>
internal static class LevelMeter
{
    /// <summary>What silence is called, in dB.</summary>
    public const double Silence = -120;

    /// <summary>Points of the picture.</summary>
    public const int Points = 100;

    private const double StepSeconds = 0.02;

    /// <summary>Above the floor by so much is active; below the first bound nothing is, above the second everything.</summary>
    private const double AboveFloor = 9;
    private const double NeverBelow = -50;
    private const double AlwaysAbove = -26;

    /// <summary>Pauses shorter than this belong to what is said around them; sounds shorter than that are clicks.</summary>
    private const double ShortestPause = 0.3;
    private const double ShortestSound = 0.1;

    /// <summary>Most stretches that are listed.</summary>
    private const int MostStretches = 500;

    /// <param name="longest">How much is listened to.</param>
    public static LevelFacts Measure(IAudioSamples samples, TimeSpan longest, CancellationToken cancellation)
    {
        var step = Math.Max(1, (int)(samples.SampleRate * StepSeconds)) * samples.Channels;
        var most = (int)Math.Min(longest.TotalSeconds / StepSeconds, 1_000_000);
        var (peaks, powers) = (new List<float>(), new List<double>());
        var (buffer, square, count) = (new float[step], 0.0, 0L);
        while (peaks.Count < most)
        {
            cancellation.ThrowIfCancellationRequested();
            var filled = 0;
            while (filled < step && samples.Read(buffer.AsSpan(filled)) is var read and > 0)
            {
                filled += read;
            }

            if (filled == 0)
            {
                break;
            }

            var (peak, power) = (0f, 0.0);
            foreach (var sample in buffer.AsSpan(0, filled))
            {
                var heard = float.IsFinite(sample) ? Math.Clamp(sample, -1f, 1f) : 0f;
                peak = Math.Max(peak, Math.Abs(heard));
                power += (double)heard * heard;
            }

            peaks.Add(peak);
            powers.Add(power / filled);
            (square, count) = (square + power, count + filled);
            if (filled < step)
            {
                break;
            }
        }

        var active = Active(powers);
        return new LevelFacts(
            Decibels(peaks.Count == 0 ? 0 : peaks.Max()), Decibels(count == 0 ? 0 : Math.Sqrt(square / count)), Math.Round(active.Sum(static each => each.ToSeconds - each.FromSeconds), 2),
            [.. active.Take(MostStretches)], Envelope(peaks), Math.Round((double)count / samples.Channels / samples.SampleRate, 3));
    }

    private static List<TimeSpanFacts> Active(List<double> powers)
    {
        if (powers.Count == 0)
        {
            return [];
        }

        var levels = powers.Select(static power => Decibels(Math.Sqrt(power))).ToArray();
        var floor = levels.Order().ElementAt(levels.Length / 10);
        var threshold = Math.Clamp(floor + AboveFloor, NeverBelow, AlwaysAbove);
        var found = new List<(double From, double To)>();
        for (var i = 0; i < levels.Length; i++)
        {
            if (levels[i] < threshold)
            {
                continue;
            }

            var (from, to) = (i * StepSeconds, (i + 1) * StepSeconds);
            if (found.Count > 0 && from - found[^1].To < ShortestPause)
            {
                found[^1] = found[^1] with { To = to };
            }
            else
            {
                found.Add((from, to));
            }
        }

        return [.. found.Where(static each => each.To - each.From >= ShortestSound).Select(static each => new TimeSpanFacts(Math.Round(each.From, 2), Math.Round(each.To, 2)))];
    }

    private static double[] Envelope(List<float> peaks)
    {
        var points = new double[Math.Min(Points, peaks.Count)];
        for (var i = 0; i < peaks.Count; i++)
        {
            var at = (int)((long)i * points.Length / peaks.Count);
            points[at] = Math.Max(points[at], Math.Round(peaks[i], 3));
        }

        return points;
    }

    private static double Decibels(double amplitude) => amplitude <= 0 ? Silence : Math.Round(Math.Max(Silence, 20 * Math.Log10(amplitude)), 1);
}
