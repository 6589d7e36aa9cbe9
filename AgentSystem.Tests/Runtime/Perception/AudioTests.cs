using System.Text;

namespace AgentSystem.Tests.Runtime.Perception;

/// <summary>Sounds: what their headers say, how loud they are, and where something sounds.</summary>
public sealed class AudioTests : IDisposable
{
    private readonly PerceptionHouse house = new();

    public void Dispose() => house.Dispose();

    [Fact]
    public async Task Perceive_AWav_KnowsItsLevelToATenth()
    {
        var level = (await Heard(SampleSounds.Wav(), "audio/wav", "wav", 16_000)).Level!;

        // A sine of half of full scale: -6.02 dB at its peak; in 0.4 of the time, 3.01 dB less for a sine and 3.98 dB for the pauses.
        Assert.Equal((-6.0, -13.0), (level.PeakDbfs, level.RmsDbfs));
        Assert.Equal(1.0, level.MeasuredSeconds);
        Assert.Equal(50, level.Envelope.Count);
        Assert.Equal((0, 0.5), (level.Envelope[0], level.Envelope[25]));
    }

    [Fact]
    public async Task Perceive_AnMp3_IsDecodedAndItsToneFound() => AssertTone((await Heard(SampleMp3.Bytes(), "audio/mpeg", "mp3", 22_050)).Level!);

    [Fact]
    public async Task Perceive_Opus_IsDecodedAndItsToneFound() => AssertTone((await Heard(SampleSounds.Opus(), "audio/ogg", "opus", 48_000)).Level!);

    [Fact]
    public async Task Perceive_AWav_FindsWhereItSounds()
    {
        var stretch = Assert.Single((await Heard(SampleSounds.Wav(), "audio/wav", "wav", 16_000)).Level!.Active);
        Assert.Equal((SampleSounds.From, SampleSounds.To), (stretch.FromSeconds, stretch.ToSeconds - (stretch.ToSeconds > SampleSounds.To ? 0.02 : 0)), new NearEnough());
    }

    [Fact]
    public async Task Perceive_Flac_SaysWhatTheHeaderSaysAndThatTheLevelIsMissing()
    {
        var seen = await house.SeeAsync(SampleSounds.Flac(), "audio/flac");

        Assert.Equal(("degraded", "flac", 10.0, 44_100, 2, 16), (seen.Part.Status, seen.Part.Audio!.Format, seen.Part.Audio.Seconds, seen.Part.Audio.SampleRate, seen.Part.Audio.Channels, seen.Part.Audio.BitsPerSample));
        Assert.Contains("not decoded", Assert.Single(seen.Part.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Perceive_Silence_IsTheLowestLevelAndNobodySpeaks()
    {
        var level = (await house.SeeAsync(SampleSounds.Wav(new short[8_000], 8_000))).Part.Audio!.Level!;
        Assert.Equal((-120.0, -120.0, 0.0), (level.PeakDbfs, level.RmsDbfs, level.ActiveSeconds));
    }

    [Fact]
    public async Task Perceive_ALongSound_IsListenedToInPart()
    {
        using var impatient = new PerceptionHouse(new() { ["Perception:MaxListening"] = "00:00:01" });
        var seen = await impatient.SeeAsync(SampleSounds.Wav(new short[8_000 * 5], 8_000));
        Assert.Equal(("degraded", 5.0, 1.0), (seen.Part.Status, seen.Part.Audio!.Seconds, seen.Part.Audio.Level!.MeasuredSeconds));

        using var strict = new PerceptionHouse(new() { ["Perception:MaxAudio"] = "00:00:02" });
        Assert.Equal("audio_too_long", (await strict.SeeAsync(SampleSounds.Wav(new short[8_000 * 5], 8_000))).Part.Code);
    }

    [Fact]
    public async Task Perceive_SoundsCutOff_AreRefused()
    {
        foreach (var whole in new[] { SampleSounds.Wav(), SampleMp3.Bytes(), SampleSounds.Opus(), SampleSounds.Flac()[..45] })
        {
            foreach (var kept in new[] { 0.3, 0.63, 0.93 })
            {
                var seen = await house.SeeAsync(whole[..(int)(whole.Length * kept)]);
                Assert.Equal(("refused", "audio_truncated"), (seen.Part.Status, seen.Part.Code));
            }
        }
    }

    [Fact]
    public async Task Perceive_ASoundWithAnArchiveBehindIt_IsRefused()
    {
        foreach (var whole in new[] { SampleSounds.Wav(), SampleMp3.Bytes(), SampleSounds.Opus() })
        {
            Assert.Equal("two_files_in_one", (await house.SeeAsync([.. whole, .. Encoding.ASCII.GetBytes("PK\u0003\u0004"), .. new byte[200]])).Part.Code);
        }
    }

    [Fact]
    public async Task Perceive_ATagThatGoesOn_IsRefused() =>
        Assert.Equal("audio_header_too_long", (await house.SeeAsync([.. "ID3"u8, 3, 0, 0, 0x7F, 0x7F, 0x7F, 0x7F, .. new byte[100]])).Part.Code);

    private static void AssertTone(AgentSystem.Contracts.Perception.LevelFacts level)
    {
        Assert.InRange(level.PeakDbfs, -7.5, -4.5);
        var stretch = Assert.Single(level.Active);
        // Encoders look ahead and smear; a tenth of a second is theirs.
        Assert.InRange(stretch.FromSeconds, SampleSounds.From - 0.1, SampleSounds.From + 0.1);
        Assert.InRange(stretch.ToSeconds, SampleSounds.To - 0.1, SampleSounds.To + 0.15);
    }

    private async Task<AgentSystem.Contracts.Perception.AudioFacts> Heard(byte[] file, string mediaType, string format, int rate)
    {
        var seen = await house.SeeAsync(file, mediaType);
        Assert.Equal(("processed", format, rate, 1), (seen.Part.Status, seen.Part.Audio!.Format, seen.Part.Audio.SampleRate, seen.Part.Audio.Channels));
        Assert.InRange(seen.Part.Audio.Seconds, 0.98, 1.12);
        return seen.Part.Audio;
    }

    private sealed class NearEnough : IEqualityComparer<(double From, double To)>
    {
        public bool Equals((double From, double To) x, (double From, double To) y) => Math.Abs(x.From - y.From) < 0.021 && Math.Abs(x.To - y.To) < 0.021;

        public int GetHashCode((double From, double To) obj) => 0;
    }
}
