namespace AgentSystem.Contracts.Models;

/// <summary>A model and how it does: <c>GET /api/v1/models/{name}</c>.</summary>
/// <param name="Model">What it is.</param>
/// <param name="State"><c>ready</c>, <c>loading</c>, <c>failed</c>, or <c>unknown</c> until it was first asked.</param>
/// <param name="Detail">Why, in one line with the cure; null when all is well.</param>
/// <param name="Breaker"><c>closed</c>, <c>open</c>, <c>half_open</c> or <c>isolated</c>; null until it was first asked.</param>
/// <param name="Calls">Calls since the process started.</param>
/// <param name="Failures">Of these, failed ones.</param>
/// <param name="P50Ms">Median duration of the last calls; null without any.</param>
/// <param name="FirstTokenP50Ms">Median time to the first token of the last calls.</param>
/// <param name="TokensPerSecond">Output tokens of the last calls over the time they took after the first token.</param>
/// <param name="LastError">The newest failure's message.</param>
/// <param name="LastErrorAt">When it was.</param>
public sealed record ModelStatus(
    ModelView Model,
    string State,
    string? Detail,
    string? Breaker,
    long Calls,
    long Failures,
    double? P50Ms,
    double? FirstTokenP50Ms,
    double? TokensPerSecond,
    string? LastError,
    DateTimeOffset? LastErrorAt);

/// <summary>Body of <c>POST /api/v1/models/{name}/try</c>: one question to the bare model, measured.</summary>
/// <param name="Prompt">1 to 4,000 characters.</param>
/// <param name="MaxOutputTokens">1 to 1,024.</param>
public sealed record TryModel(string Prompt, int MaxOutputTokens = 128);

/// <summary>What came of it. A failure of the model is a value here, not an error of the request.</summary>
public sealed record ModelTrial(
    string Model,
    bool Success,
    string Text,
    string? Error,
    double DurationMs,
    double? FirstTokenMs,
    int InputTokens,
    int OutputTokens,
    double? TokensPerSecond,
    decimal CostUsd);
