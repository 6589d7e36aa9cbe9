namespace AgentSystem.Contracts.Feedback;

/// <summary>Body of <c>POST /api/v1/feedback</c>.</summary>
/// <param name="Agent">The agent that is judged.</param>
/// <param name="Rating">1 (bad) to 5 (good).</param>
/// <param name="RunId">The run or request id it is about.</param>
/// <param name="Comment">At most 4,000 characters.</param>
public sealed record GiveFeedback(string Agent, int Rating, string? RunId = null, string? Comment = null);

/// <summary>What was kept.</summary>
public sealed record FeedbackView(string Id, string Agent, int Rating, string? RunId, string? Comment, DateTimeOffset At);
