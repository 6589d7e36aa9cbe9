using Microsoft.Extensions.Options;

namespace AgentSystem.ServiceDefaults.Inference;

/// <summary>Checks every model and reports all mistakes together, each with its cure.</summary>
internal sealed class InferenceOptionsValidator(IEnumerable<IModelProvider> providers) : IValidateOptions<InferenceOptions>
{
    private const int LongestTimeoutSeconds = 3600;
    private const int MostSlots = 256;

    public ValidateOptionsResult Validate(string? name, InferenceOptions options)
    {
        var errors = new List<string>(options.Unreadable);
        foreach (var (model, settings) in options.Models)
        {
            var at = $"{InferenceOptions.Section}:{model}";
            errors.AddRange(CheckNumbers(at, settings));
            errors.AddRange(FallbackRules.Check(at, model, options.Models));
            if (FindProvider(settings.Provider) is { } provider)
            {
                errors.AddRange(CheckKind(at, settings, provider));
                errors.AddRange(provider.Check(at, settings));
            }
            else
            {
                errors.Add(UnknownProvider(at, settings.Provider));
            }
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> CheckNumbers(string at, ModelOptions settings)
    {
        if (settings.InputUsdPerMillion < 0)
        {
            yield return $"{at}:InputUsdPerMillion: {settings.InputUsdPerMillion} is negative; a price is 0 or more.";
        }

        if (settings.OutputUsdPerMillion < 0)
        {
            yield return $"{at}:OutputUsdPerMillion: {settings.OutputUsdPerMillion} is negative; a price is 0 or more.";
        }

        if (settings.ContextTokens < 1)
        {
            yield return $"{at}:ContextTokens: {settings.ContextTokens} is not a length; give 1 or more, or leave it out.";
        }

        foreach (var (key, value) in new[] { ("RequestsPerMinute", settings.RequestsPerMinute), ("TokensPerMinute", settings.TokensPerMinute), ("Concurrency", settings.Concurrency) })
        {
            if (value < 1)
            {
                yield return $"{at}:{key}: {value} lets no call through; give 1 or more, or leave it out for no limit.";
            }
        }

        if (settings.TimeoutSeconds is < 1 or > LongestTimeoutSeconds)
        {
            yield return $"{at}:TimeoutSeconds: {settings.TimeoutSeconds} is out of range; give 1 to {LongestTimeoutSeconds}.";
        }

        if (settings.Slots is < 1 or > MostSlots)
        {
            yield return $"{at}:Slots: {settings.Slots} is out of range; give 1 to {MostSlots}.";
        }
    }

    private static IEnumerable<string> CheckKind(string at, ModelOptions settings, IModelProvider provider)
    {
        if (!string.Equals(settings.Kind, ModelKinds.Chat, StringComparison.OrdinalIgnoreCase) && !ModelKinds.IsEmbedding(settings.Kind))
        {
            yield return $"{at}:Kind: '{settings.Kind}' is unknown. Known are {ModelKinds.Chat}, {ModelKinds.Embedding}.";
        }
        else if (!provider.Kinds.Contains(settings.Kind, StringComparer.OrdinalIgnoreCase))
        {
            yield return $"{at}:Kind: the provider '{provider.Name}' has no models of kind '{settings.Kind}', only {string.Join(", ", provider.Kinds)}; set {at}:Kind or {at}:Provider.";
        }
    }

    private IModelProvider? FindProvider(string provider) =>
        providers.FirstOrDefault(known => string.Equals(known.Name, provider, StringComparison.OrdinalIgnoreCase));

    private string UnknownProvider(string at, string provider)
    {
        var known = string.Join(", ", providers.Select(each => each.Name).Order(StringComparer.Ordinal));
        return string.Equals(provider, ModelProviders.OnnxGenAI, StringComparison.OrdinalIgnoreCase)
            ? $"{at}:Provider: '{provider}' is not part of this build. Build with -p:Gpu=true, or use '{ModelProviders.Onnx}'."
            : provider.Length == 0
            ? $"{at}:Provider: missing. Known are {known}."
            : $"{at}:Provider: '{provider}' is unknown. Known are {known}.";
    }
}
