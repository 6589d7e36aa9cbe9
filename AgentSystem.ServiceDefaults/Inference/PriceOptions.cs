namespace AgentSystem.ServiceDefaults.Inference;

/// <summary>Prices of models that have none of their own. Section <c>Prices</c>.</summary>
public sealed class PriceOptions
{
    /// <summary>Where the prices stand in the configuration.</summary>
    public const string Section = "Prices";

    /// <summary>A JSON file of prices, absolute or relative to the working directory; without one, a model without a price of its own has none.</summary>
    public string? File { get; set; }
}
