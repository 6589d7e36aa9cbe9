using Microsoft.Extensions.Options;

namespace AgentSystem.ServiceDefaults.Inference;

/// <summary>Reads the price list once at start, to say what is wrong with it before the first request.</summary>
internal sealed class PriceOptionsValidator : IValidateOptions<PriceOptions>
{
    public ValidateOptionsResult Validate(string? name, PriceOptions options)
    {
        var (_, mistakes) = PriceList.Read(options.File);
        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }
}
