using AgentSystem.Contracts.Security;

namespace AgentSystem.Runtime.Security.Screening.Injection;

/// <summary>From which log-odds on a text is flagged, and from which on it is certain.</summary>
/// <param name="Request">For the model of whole requests.</param>
/// <param name="Segment">For the model of sentences in documents.</param>
/// <param name="Certain">For the model that fits the source (requests of users, sentences otherwise): sure enough to block, together with a rule.</param>
/// <param name="Harm">For the model of harmful requests.</param>
internal readonly record struct InjectionThresholds(float Request, float Segment, float Certain, float Harm);

/// <summary>The three models of <c>models/injection-linear/weights.bin</c> with their thresholds per source.</summary>
internal sealed record InjectionModel(LinearModel Request, LinearModel Segment, LinearModel Harm, IReadOnlyList<InjectionThresholds> Thresholds)
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

        InjectionThresholds[] thresholds = [.. Enum.GetValues<ScreenSource>().Select(_ => new InjectionThresholds(from.ReadSingle(), from.ReadSingle(), from.ReadSingle(), from.ReadSingle()))];
        return new InjectionModel(LinearModel.Read(from), LinearModel.Read(from), LinearModel.Read(from), thresholds);
    }

    /// <summary>Writes thresholds and models, and closes the stream.</summary>
    public void Write(Stream stream)
    {
        using var to = new BinaryWriter(stream);
        to.Write(Magic);
        foreach (var (request, segment, certain, harm) in Thresholds)
        {
            to.Write(request);
            to.Write(segment);
            to.Write(certain);
            to.Write(harm);
        }

        Request.Write(to);
        Segment.Write(to);
        Harm.Write(to);
    }
}
