using AgentSystem.Runtime.Security.Screening.Injection;

namespace AgentSystem.Benchmarks.Security;

/// <summary>Sets the thresholds on texts whose clusters the models did not know: so many of the harmless ones may be flagged, and no more.</summary>
internal static class SecurityThresholds
{
    /// <summary>Of ordinary prompts: by the model of requests, of sentences and of harm. Together under the promised 1 %.</summary>
    public const double OfPrompts = .0045, OfPromptSegments = .0006, OfPromptsHarm = .001;

    /// <summary>Of documents: by the model of requests and of sentences. Together under the promised 3 %.</summary>
    public const double OfDocuments = .007, OfDocumentSegments = .014;

    /// <summary>How much surer the model of requests must be of a document than of a request: documents are not what it learned from.</summary>
    public const float AboveRequests = .8f;

    /// <summary>How far above the highest harmless text a score counts as certain.</summary>
    public const float Margin = .3f;

    /// <summary>Thresholds for users, tools and documents, in the order of the sources.</summary>
    public static IReadOnlyList<InjectionThresholds> Of(IReadOnlyList<HeldOut> heldOut)
    {
        HeldOut[] prompts = [.. heldOut.Where(static each => each.Row.File == "benign_ordinary")], documents = [.. heldOut.Where(static each => each.Row.File == "benign_documents")];
        HeldOut[] hard = [.. heldOut.Where(static each => each.Row.File == "benign_hard")];
        var user = new InjectionThresholds(
            Quantile(prompts, OfPrompts, static each => each.Request),
            Quantile(prompts, OfPromptSegments, static each => each.Segment),
            (float)prompts.Concat(hard).Max(static each => each.Request) + Margin,
            Math.Max(Quantile(prompts, OfPromptsHarm, static each => each.Harm), Quantile(hard, .03, static each => each.Harm)));
        var document = new InjectionThresholds(
            Math.Max(Quantile(documents, OfDocuments, static each => each.Request), user.Request + AboveRequests),
            Quantile(documents, OfDocumentSegments, static each => each.Segment),
            (float)documents.Max(static each => each.Segment) + Margin,
            float.PositiveInfinity);
        return [user, document, document];
    }

    private static float Quantile(HeldOut[] rows, double share, Func<HeldOut, double> score) => (float)rows.Select(score).OrderDescending().ElementAt((int)(rows.Length * share));
}
