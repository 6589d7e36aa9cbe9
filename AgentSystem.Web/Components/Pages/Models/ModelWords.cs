using AgentSystem.Contracts.Models;
using AgentSystem.Web.Components.Controls;

namespace AgentSystem.Web.Components.Pages.Models;

/// <summary>A model's properties in words. What is not known is said to be unknown, never shown as nothing.</summary>
internal static class ModelWords
{
    public static string Price(ModelView model) => model switch
    {
        { PriceSource: "none" } => "unknown; its calls are counted as $0",
        { InputUsdPerMillion: 0, OutputUsdPerMillion: 0 } => $"free ({Source(model)})",
        { Kind: ModelKind.Embedding } => $"{Figures.Usd(model.InputUsdPerMillion)} a million tokens ({Source(model)})",
        _ => $"{Figures.Usd(model.InputUsdPerMillion)} in, {Figures.Usd(model.OutputUsdPerMillion)} out a million tokens ({Source(model)})",
    };

    public static string Context(ModelView model) => model.ContextTokens is { } tokens ? $"{Figures.Count(tokens)} tokens" : "unknown";

    public static string Fallbacks(ModelView model) => model.Fallbacks is { Count: > 0 } names ? string.Join(", then ", names) : "none";

    public static string Limits(ModelView model)
    {
        var parts = new[]
        {
            model.Limits?.RequestsPerMinute is { } requests ? $"{Figures.Count(requests)} requests a minute" : null,
            model.Limits?.TokensPerMinute is { } tokens ? $"{Figures.Count(tokens)} tokens a minute" : null,
            model.Limits?.Concurrency is { } concurrency ? $"{concurrency} at once" : null,
        };
        var limits = string.Join(", ", parts.OfType<string>());
        return limits.Length == 0 ? "none" : limits;
    }

    /// <summary>State and what it means, for the badge.</summary>
    public static (string Words, string? Tone) State(string state) => state switch
    {
        "ready" => ("ready", "good"),
        "loading" => ("loading", "warn"),
        "failed" => ("failed", "bad"),
        "unknown" => ("not asked yet", null),
        var other => (other, null),
    };

    public static (string Words, string? Tone) Breaker(string? breaker) => breaker switch
    {
        null => ("not asked yet", null),
        "closed" => ("closed: calls go through", "good"),
        "open" => ("open: calls are refused for a while", "bad"),
        "half_open" => ("half open: one call tries whether it is back", "warn"),
        "isolated" => ("isolated: an operator holds it open", "bad"),
        var other => (other, null),
    };

    public static string Speed(double? tokensPerSecond) => tokensPerSecond is { } speed
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{speed:0.#} tokens/s")
        : Figures.Unknown;

    private static string Source(ModelView model) => model.PriceSource == "list" ? "price list" : model.PriceSource;
}
