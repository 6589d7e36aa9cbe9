using AgentSystem.Contracts.Security;

namespace AgentSystem.Runtime.Perception;

/// <summary>What only a model can do: say what is to be seen, and write down what is said. Asked on behalf of a caller, whose limits and budgets hold for it.</summary>
public interface IModelSenses
{
    /// <summary>Describes an image and reads the writing in it.</summary>
    /// <param name="image">The clean copy.</param>
    Task<Sensed> DescribeAsync(PerceptionAsk ask, ReadOnlyMemory<byte> image, string mediaType, CancellationToken cancellation);

    /// <summary>Writes down what is said.</summary>
    Task<Sensed> TranscribeAsync(PerceptionAsk ask, ReadOnlyMemory<byte> audio, string mediaType, CancellationToken cancellation);
}

/// <summary>For whom a model is asked.</summary>
/// <param name="RequestId">Of the request it belongs to.</param>
/// <param name="Caller">Who asks.</param>
/// <param name="User">The end user, if the caller named one.</param>
public sealed record PerceptionAsk(string RequestId, Caller Caller, string? User);

/// <summary>What a model said, or why it said nothing.</summary>
/// <param name="Description">What is to be seen, or what was said.</param>
/// <param name="Writing">Writing in an image.</param>
/// <param name="Missing">Why there is neither; names the cure. Null when there is something.</param>
public sealed record Sensed(string? Description, string? Writing, string? Missing)
{
    /// <summary>Nothing, for this reason.</summary>
    public static Sensed Nothing(string why) => new(null, null, why);
}
