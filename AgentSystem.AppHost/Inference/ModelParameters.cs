using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace AgentSystem.AppHost.Inference;

/// <summary>The configured models as parameters: the dashboard shows them, and the chart has a place for each.</summary>
internal static partial class ModelParameters
{
    private const string Section = "Models";

    /// <summary>The one setting of a model that is a secret.</summary>
    private const string Secret = "ApiKey";

    /// <summary>A parameter for every setting of <c>Models:&lt;name&gt;</c>, with the variable that a service reads it from.</summary>
    public static IReadOnlyList<(string Variable, IResourceBuilder<ParameterResource> Value)> AddModels(this IDistributedApplicationBuilder builder) =>
        [.. from model in builder.Configuration.GetSection(Section).GetChildren()
            from setting in model.GetChildren()
            where !string.IsNullOrWhiteSpace(setting.Value)
            select ($"{Section}__{model.Key}__{setting.Key}", Add(builder, model.Key, setting))];

    private static IResourceBuilder<ParameterResource> Add(IDistributedApplicationBuilder builder, string model, IConfigurationSection setting)
    {
        // Names of resources are letters, digits and single hyphens.
        var name = Others().Replace($"model-{model}-{setting.Key}".ToLowerInvariant(), "-").TrimEnd('-');
        if (!string.Equals(setting.Key, Secret, StringComparison.OrdinalIgnoreCase))
        {
            return builder.AddParameter(name, setting.Value!, publishValueAsDefault: true);
        }

        // A chart gets the place and not the secret: whoever installs it gives it.
        return builder.ExecutionContext.IsPublishMode ? builder.AddParameter(name, secret: true) : builder.AddParameter(name, setting.Value!, secret: true);
    }

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex Others();
}
