using System.ComponentModel.DataAnnotations;

namespace AgentSystem.Runtime.Agents;

/// <summary>What a tenant may define. Section <c>Agents</c>.</summary>
public sealed class AgentsOptions
{
    /// <summary>Most agents of one tenant that are not archived.</summary>
    [Range(1, 1_000_000)]
    public int MaxPerTenant { get; set; } = 10_000;

    /// <summary>Most different <c>type</c>s the agents of one tenant ever had: each is a label of every metric, so their number must stay small.</summary>
    [Range(1, 10_000)]
    public int MaxTypesPerTenant { get; set; } = 50;

    /// <summary>Images an agent may name in <c>container_image</c>, as a comma list; one that ends in <c>*</c> allows everything that begins like it. Empty: none.</summary>
    [Required(AllowEmptyStrings = true)]
    public string AllowedImages { get; set; } = "";

    /// <summary>Whether an agent may run in this image.</summary>
    public bool Allows(string image) => AllowedImages
        .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Any(allowed => allowed.EndsWith('*') ? image.StartsWith(allowed[..^1], StringComparison.Ordinal) : image == allowed);
}
