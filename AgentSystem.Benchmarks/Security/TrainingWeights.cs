namespace AgentSystem.Benchmarks.Security;

/// <summary>
/// How much an example counts. Chosen on held-out clusters so that the promised recall is kept at fewer false alarms on wording that nobody trained on; the project's own
/// phrases are many and short and count little each, the development texts are few and count much.
/// </summary>
internal static class TrainingWeights
{
    /// <summary>In the model of requests: phrases of ours that attack, that do not, and that stand in documents.</summary>
    public const float AttackRequest = .7f, HonestRequest = 1f, DocumentAsRequest = .12f;

    /// <summary>In the model of sentences: phrases of ours that attack (alone, and put into a page), that attack as a request, that do not, and sentences of our pages.</summary>
    public const float AttackSentence = .3f, InsertedSentence = .5f, RequestAsSentence = .2f, HonestSentence = .3f, PageSentence = .8f;

    /// <summary>In the model of sentences: what was put into a document of the development texts, a harmless task so put, and everything else of that document.</summary>
    public const float Payload = 6f, WeakPayload = .6f, Sentence = 2f;

    /// <summary>In the model of harm: requests of ours that ask for it, and that do not.</summary>
    public const float Harmful = .8f, Harmless = .5f;

    /// <summary>In the model of sentences: the sentence of one of our pages that looks most like an attack, and the one of a small document that hides one.</summary>
    public const float PageBag = .8f, AttackBag = 1.3f;

    /// <summary>In the model of sentences: those of direct attacks in which a rule holds.</summary>
    public const float MarkedRequest = .5f, MarkedDocument = 1f;

    /// <summary>In the model of requests: a row of the development texts.</summary>
    public static float Of(CorpusRow row) => row.Class switch
    {
        "jailbreak" => 5f,
        "direct_injection" => row.Language == "en" ? 8f : .5f,
        "prompt_extraction" => 8f,
        "hard_negative" => 3f,
        "hard_negative_content" => 2f,
        "document" => .5f,
        _ => 1f,
    };
}
