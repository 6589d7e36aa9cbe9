using System.Text;
using AgentSystem.Runtime.Perception;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Perception;

/// <summary>Parts of any kind: what they are taken for, what is kept of them, and that nothing anybody sends breaks anything.</summary>
public sealed class PerceiverTests : IDisposable
{
    private static readonly byte[][] Valid =
    [
        SamplePictures.Png(), SamplePictures.Jpeg(), SamplePictures.WithExif(SamplePictures.Jpeg(2), 6), SamplePictures.WebP(), SamplePictures.Gif(3), SamplePictures.Bmp(), SampleSounds.Wav(), SampleSounds.Opus(),
        SampleSounds.Flac(), SampleMp3.Bytes(), Encoding.UTF8.GetBytes("# Plan\n\nMeet Ada Lovelace in Paris on 12 March 2027 at 9:30; it costs €1.250,50 or 5 km.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"),
    ];

    private readonly PerceptionHouse house = new();

    public void Dispose() => house.Dispose();

    [Theory]
    [InlineData("image/jpeg", null, "media_type_mismatch")]
    [InlineData("image/png", "audio", "media_type_mismatch")]
    [InlineData(null, "text", "media_type_mismatch")]
    [InlineData("application/pdf", null, "media_type_mismatch")]
    [InlineData("image/png", "image", null)]
    [InlineData("image/x-png", null, null)]
    [InlineData("application/octet-stream", null, null)]
    public async Task Perceive_DeclaredAsSomethingElse_IsRefused(string? mediaType, string? modality, string? code) =>
        Assert.Equal(code, (await house.SeeAsync(SamplePictures.Png(), mediaType, modality)).Part.Code);

    [Fact]
    public async Task Perceive_BytesOfNoKnownKind_AreRefusedAndTheOthersGoOn()
    {
        PartInput[] parts = [new("a", null, null, new byte[] { 0, 1, 2, 3 }), new("b", null, null, SamplePictures.Png()), new("c", "text", null, Encoding.UTF8.GetBytes("Hello there, how are you today?")), new("d", null, null, ReadOnlyMemory<byte>.Empty)];
        var seen = await house.Perceiver.PerceiveAsync(new PerceptionRequest("default", false, null), parts, TestContext.Current.CancellationToken);

        Assert.Equal(["refused", "processed", "processed", "refused"], seen.Select(static each => each.Part.Status));
        Assert.Equal(["a", "b", "c", "d"], seen.Select(static each => each.Part.Name!));
        Assert.Equal(["media_type_not_supported", "part_empty"], seen.Where(static each => each.Problem is not null).Select(static each => each.Part.Code!));
    }

    [Fact]
    public async Task Perceive_TheSameBytesAgain_AreKnownToTheirTenantOnlyAndForAWhile()
    {
        var first = await house.SeeAsync(SamplePictures.Png(9));
        var again = await house.SeeAsync(SamplePictures.Png(9));
        var stranger = await house.SeeAsync(SamplePictures.Png(9), tenant: "others");
        house.Time.Advance(TimeSpan.FromHours(2));
        var later = await house.SeeAsync(SamplePictures.Png(9));

        Assert.Equal([false, true, false, false], new[] { first, again, stranger, later }.Select(static each => each.Part.Cached));
        Assert.Equal(first.Part.Image!.PerceptualHash, again.Part.Image!.PerceptualHash);
        Assert.Equal(first.Clean.ToArray(), again.Clean.ToArray());
    }

    [Fact]
    public async Task Perceive_MoreThanTheCacheHolds_ForgetsTheLongestUnused()
    {
        using var small = new PerceptionHouse(new() { ["Perception:CacheBytes"] = "40000" });
        for (var seed = 0; seed < 20; seed++)
        {
            await small.SeeAsync(SamplePictures.Gif(1, 2 + seed));
        }

        Assert.Equal((false, true), ((await small.SeeAsync(SamplePictures.Gif(1, 2))).Part.Cached, (await small.SeeAsync(SamplePictures.Gif(1, 21))).Part.Cached));
    }

    [Fact]
    public async Task Perceive_ATextWithRelativeDates_CountsThemFromNow()
    {
        var today = (await house.SeeAsync(Encoding.UTF8.GetBytes("We meet tomorrow."))).Part.Text!.Dates;
        house.Time.Advance(TimeSpan.FromDays(3));
        var then = (await house.SeeAsync(Encoding.UTF8.GetBytes("We meet tomorrow."))).Part.Text!.Dates;

        Assert.Equal((new DateTime(2026, 11, 29), new DateTime(2026, 12, 2)), (Assert.Single(today).Value.UtcDateTime, Assert.Single(then).Value.UtcDateTime));
    }

    [Fact]
    public async Task Perceive_AskedForADescription_WithoutAModel_SaysSoAndKeepsTheFacts()
    {
        var ask = new PerceptionAsk("req", null!, null);
        var seen = await house.SeeAsync(SamplePictures.Png(), ask: ask);
        Assert.Equal(("degraded", true), (seen.Part.Status, seen.Part.Image is not null));
        Assert.Contains("Perception:VisionModel", Assert.Single(seen.Part.Reasons), StringComparison.Ordinal);
        Assert.False((await house.SeeAsync(SamplePictures.Png(), ask: ask)).Part.Cached);
    }

    [Theory]
    [InlineData("Perception:MaxImageBytes", "1024", "image_too_large")]
    [InlineData("Perception:MaxSide", "100", "image_too_large")]
    [InlineData("Perception:MaxPixels", "5000", "image_too_large")]
    public async Task Perceive_OverALimitOfTheOperator_IsRefused(string setting, string value, string code)
    {
        using var strict = new PerceptionHouse(new() { [setting] = value });
        Assert.Equal(code, (await strict.SeeAsync(SamplePictures.Jpeg(1, 600, 400))).Part.Code);
    }

    [Fact]
    public void Perceive_AnyBytes_NeverThrow() =>
        Gen.Select(Gen.Int[0, Valid.Length - 1], Gen.Byte.Array[0, 300]).Sample(
            (which, random) =>
            {
                // The first bytes of something real, so that more than the sniffer is reached.
                var bytes = (byte[])[.. Valid[which].AsSpan(0, Math.Min(40, Valid[which].Length)), .. random];
                return See(bytes) && See(random);
            },
            iter: 400, threads: 1);

    [Fact]
    public void Perceive_ValidFilesCutAndFlipped_NeverThrowNorTakeMuchMemory() =>
        Gen.Select(Gen.Int[0, Valid.Length - 1], Gen.Int[0, 1_000_000], Gen.Select(Gen.Int[0, 1_000_000], Gen.Byte).Array[0, 12]).Sample(
            (which, cut, flips) =>
            {
                var bytes = (byte[])Valid[which].Clone();
                foreach (var (at, value) in flips)
                {
                    bytes[at % (at % 3 == 0 ? Math.Min(64, bytes.Length) : bytes.Length)] = value;
                }

                return See(cut % 4 == 0 ? bytes[..(cut % (bytes.Length + 1))] : bytes);
            },
            iter: 1_500, threads: 1);

    private bool See(byte[] bytes)
    {
        var before = GC.GetTotalAllocatedBytes();
        var seen = house.SeeAsync(bytes).GetAwaiter().GetResult();
        // Managed memory; pixels are bounded by the header's check.
        return GC.GetTotalAllocatedBytes() - before < 64 * 1024 * 1024 && seen.Part.Status is "processed" or "degraded" or "refused" && (seen.Problem is null) == (seen.Part.Status != "refused");
    }
}
