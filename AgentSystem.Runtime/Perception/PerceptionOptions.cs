using System.ComponentModel.DataAnnotations;

namespace AgentSystem.Runtime.Perception;

/// <summary>What may be looked at and listened to, and how much work one part may cause. Section <c>Perception</c>.</summary>
public sealed class PerceptionOptions
{
    /// <summary>Most parts of one request.</summary>
    [Range(1, 100)]
    public int MaxParts { get; set; } = 16;

    /// <summary>Most characters of one text.</summary>
    [Range(1_000, 10_000_000)]
    public int MaxTextCharacters { get; set; } = 1_000_000;

    /// <summary>Most bytes of one image, as sent.</summary>
    [Range(1_024, 20_971_520)]
    public int MaxImageBytes { get; set; } = 10_485_760;

    /// <summary>Most bytes of one sound, as sent.</summary>
    [Range(1_024, 20_971_520)]
    public int MaxAudioBytes { get; set; } = 20_971_520;

    /// <summary>Most bytes a file may carry beside its content (descriptions, colour profiles, covers).</summary>
    [Range(1_024, 20_971_520)]
    public int MaxHeaderBytes { get; set; } = 2_097_152;

    /// <summary>Most pixels of one image, all frames together; read from the header before anything is decoded. A pixel takes 4 bytes of memory.</summary>
    [Range(1_000L, 400_000_000L)]
    public long MaxPixels { get; set; } = 40_000_000;

    /// <summary>Longest side of an image, in pixels.</summary>
    [Range(16, 65_535)]
    public int MaxSide { get; set; } = 16_384;

    /// <summary>Most frames of an animation, and most scans of a JPEG.</summary>
    [Range(1, 10_000)]
    public int MaxFrames { get; set; } = 300;

    /// <summary>Longest side of the copy that models are given, in pixels; larger images are made smaller.</summary>
    [Range(64, 16_384)]
    public int CleanSide { get; set; } = 2_048;

    /// <summary>Longest side of a small picture, in pixels.</summary>
    [Range(16, 1_024)]
    public int ThumbnailSide { get; set; } = 256;

    /// <summary>Longest sound.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan MaxAudio { get; set; } = TimeSpan.FromHours(3);

    /// <summary>How much of a sound is decoded for its level; the rest is counted only.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan MaxListening { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Parts that are worked on at the same time in one process; further ones wait.</summary>
    [Range(1, 64)]
    public int Workers { get; set; } = 2;

    /// <summary>Longest wait for a place among them; then the part degrades.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Most bytes of results that are kept in memory for the same content again.</summary>
    [Range(0L, 10_737_418_240L)]
    public long CacheBytes { get; set; } = 67_108_864;

    /// <summary>How long a result is kept.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan CacheLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The model (a name of <c>Models</c>) that describes images and reads the writing in them; empty: none, and a request for it degrades.</summary>
    public string VisionModel { get; set; } = "";

    /// <summary>The model that writes down what is said, as the endpoint names it; empty: none, and a request for it degrades.</summary>
    public string TranscriptionModel { get; set; } = "";

    /// <summary>Where it is: an OpenAI-compatible address that <c>/audio/transcriptions</c> is appended to. The operator's own, like those of models.</summary>
    [Url]
    public string TranscriptionEndpoint { get; set; } = "https://api.openai.com/v1";

    /// <summary>Its key; empty for an endpoint that wants none.</summary>
    public string TranscriptionApiKey { get; set; } = "";

    /// <summary>Longest time for one transcription.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan TranscriptionTimeout { get; set; } = TimeSpan.FromMinutes(1);
}
