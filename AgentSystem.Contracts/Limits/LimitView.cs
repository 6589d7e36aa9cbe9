namespace AgentSystem.Contracts.Limits;

/// <summary>A key's or a model's limits and how far they are used: <c>GET /api/v1/limits</c>.</summary>
/// <param name="Scope"><c>key:&lt;id&gt;</c> or <c>model:&lt;name&gt;</c>.</param>
/// <param name="Name">The name of the key or the model, for people.</param>
/// <param name="RequestsPerMinute">Most requests per minute; null: no limit.</param>
/// <param name="TokensPerMinute">Most input plus output tokens per minute; null: no limit.</param>
/// <param name="Concurrency">Most requests at once; null: no limit.</param>
/// <param name="Used">Counted by the process that answers.</param>
public sealed record LimitView(string Scope, string Name, int? RequestsPerMinute, int? TokensPerMinute, int? Concurrency, LimitUse Used);

/// <summary>How far limits are used. The sliding minute is this minute, and the last one by its remaining share.</summary>
/// <param name="Requests">Requests of the sliding minute.</param>
/// <param name="Tokens">Tokens of the sliding minute, counted when they are known.</param>
/// <param name="InProgress">Requests under way.</param>
public sealed record LimitUse(double Requests, double Tokens, int InProgress)
{
    /// <summary>Nothing was asked yet.</summary>
    public static LimitUse None { get; } = new(0, 0, 0);
}
