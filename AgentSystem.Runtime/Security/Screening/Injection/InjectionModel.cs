namespace AgentSystem.Runtime.Security.Screening.Injection;

/// <summary>Where a text comes from, which decides how much of an order it may be.</summary>
internal enum TextSource
{
    /// <summary>A person asks; orders to the assistant are what a prompt is made of.</summary>
    User,

    /// <summary>A tool answered; it has nothing to ask for.</summary>
    Tool,

    /// <summary>A document, a page, a mail: orders to its readers are normal, orders to the assistant are not.</summary>
    Document,
}

/// <summary>From which log-odds on a text is flagged, and from which on it is certain.</summary>
/// <param name="Request">For the model of whole requests.</param>
/// <param name="Segment">For the model of sentences in documents.</param>
/// <param name="Certain">For the model of whole requests: sure enough to block, together with a rule.</param>
internal readonly record struct InjectionThresholds(float Request, float Segment, float Certain);

/// <summary>The two models of <c>models/injection-linear/weights.bin</c> with their thresholds per source.</summary>
internal sealed record InjectionModel(LinearModel Request, LinearModel Segment, IReadOnlyList<InjectionThresholds> Thresholds)
{
    private const uint Magic = 0x314A4E49;

    private static readonly Lazy<InjectionModel> Embedded = new(static () => Read(ScreeningResources.Open("weights.bin")));

    /// <summary>The shipped one.</summary>
    public static InjectionModel Shipped => Embedded.Value;

    /// <summary>Reads what <see cref="Write"/> wrote, and closes it.</summary>
    public static InjectionModel Read(Stream stream)
    {
        using var from = new BinaryReader(stream);
        if (from.ReadUInt32() != Magic)
        {
            throw new InvalidDataException("weights.bin is no file of injection models; train it again with the benchmark \"train-security\".");
        }

        InjectionThresholds[] thresholds = [.. Enum.GetValues<TextSource>().Select(_ => new InjectionThresholds(from.ReadSingle(), from.ReadSingle(), from.ReadSingle()))];
        return new InjectionModel(LinearModel.Read(from), LinearModel.Read(from), thresholds);
    }

    /// <summary>Writes thresholds and both models.</summary>
    public void Write(Stream stream)
    {
        using var to = new BinaryWriter(stream);
        to.Write(Magic);
        foreach (var (request, segment, certain) in Thresholds)
        {
            to.Write(request);
            to.Write(segment);
            to.Write(certain);
        }

        Request.Write(to);
        Segment.Write(to);
    }
}
