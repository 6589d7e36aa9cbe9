namespace AgentSystem.Runtime.Perception.Images;

/// <summary>What a file says of itself before anything is decoded.</summary>
internal sealed record ImageHeader(string MediaType, int Width, int Height)
{
    /// <summary>Pictures of an animation, at least 1.</summary>
    public int Frames { get; set; } = 1;

    /// <summary>Passes over a JPEG; each costs as much as decoding it once.</summary>
    public int Scans { get; set; } = 1;

    /// <summary>Where the image ends.</summary>
    public int End { get; set; }

    /// <summary>Bytes of everything that is no picture.</summary>
    public long MetadataBytes { get; set; }

    /// <summary>Kinds of metadata, in no order.</summary>
    public SortedSet<string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>The TIFF structure of Exif; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Exif { get; set; }

    /// <summary>The stretches of the file that are the picture; empty: all of it. A decoder is only given these, so that nothing in the metadata reaches it.</summary>
    public List<Range> Picture { get; } = [];

    public void Found(string kind, long bytes)
    {
        Metadata.Add(kind);
        MetadataBytes += bytes;
    }
}
