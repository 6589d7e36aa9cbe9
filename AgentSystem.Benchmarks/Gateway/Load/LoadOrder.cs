namespace AgentSystem.Benchmarks.Gateway.Load;

/// <summary>What to ask of whom, and how hard.</summary>
/// <param name="Address">Where <c>/v1/chat/completions</c> is served.</param>
/// <param name="Headers">Headers beside the usual ones.</param>
/// <param name="Model">The model to name.</param>
/// <param name="Streams">Ask for a stream.</param>
/// <param name="ThinkMilliseconds">How long the scripted model thinks, 0 to 999.</param>
/// <param name="Connections">Open connections, each with one question at a time.</param>
/// <param name="Seconds">Nothing is asked after this.</param>
/// <param name="Questions">Most questions; null: as many as the time allows.</param>
internal sealed record LoadOrder(
    Uri Address, IReadOnlyDictionary<string, string> Headers, string Model, bool Streams, int ThinkMilliseconds, int Connections, double Seconds, int? Questions = null);

/// <summary>What came of a <see cref="LoadOrder"/>. Times in milliseconds, over every right answer.</summary>
/// <param name="Answers">Right answers.</param>
/// <param name="Errors">Wrong ones, and questions without any.</param>
/// <param name="FirstError">What was wrong with the first of them.</param>
/// <param name="Seconds">From the first question to the last answer.</param>
/// <param name="FirstPieceP50">Until the first piece of content, of a stream.</param>
internal sealed record LoadResult(int Answers, int Errors, string? FirstError, double Seconds, double P50, double P95, double P99, double FirstPieceP50)
{
    public double PerSecond => Answers / Seconds;
}
