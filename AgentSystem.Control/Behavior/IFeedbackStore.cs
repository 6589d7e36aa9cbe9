using AgentSystem.Contracts.Feedback;

namespace AgentSystem.Control.Behavior;

/// <summary>What people thought of answers. Appended, never changed.</summary>
public interface IFeedbackStore
{
    /// <summary>Keeps one judgement and returns it with its id and time.</summary>
    Task<FeedbackView> AddAsync(string tenant, GiveFeedback feedback, CancellationToken cancellation);

    /// <summary>A tenant's judgements, newest first, at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<FeedbackView>> ListAsync(string tenant, int limit, CancellationToken cancellation);
}
