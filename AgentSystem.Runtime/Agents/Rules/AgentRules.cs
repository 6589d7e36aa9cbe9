using System.Text.RegularExpressions;
using AgentSystem.Contracts.Agents;
using AgentSystem.Runtime.Tools.Calls;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Agents.Rules;

/// <summary>What an agent may look like. Members are looked at in the order of the contract; the first wrong one is named.</summary>
public sealed partial class AgentRules(TenantTools tools, IModelDirectory models, IOptions<AgentsOptions> options)
{
    /// <summary>Most characters of the instructions.</summary>
    public const int MaxInstructions = 100_000;

    /// <summary>Most characters of the description.</summary>
    public const int MaxDescription = 500;

    /// <summary>Most characters of the specialization.</summary>
    public const int MaxSpecialization = 100;

    /// <summary>The type of an agent that names none.</summary>
    public const string DefaultType = "assistant";

    /// <summary>The specialization of an agent that names none.</summary>
    public const string DefaultSpecialization = "general";

    /// <summary>What calls of bare models are counted as; an agent must not be taken for one.</summary>
    private const string Reserved = "model";

    private const int MaxImage = 512;

    private const string Shape = "1 to 63 characters from a-z, 0-9, '.', '_' and '-', beginning with a letter or digit";

    /// <summary>The definition a request asks for, or what is wrong with it.</summary>
    internal async Task<(AgentDefinition? Definition, AgentRefusal? Failure)> ReadAsync(string tenant, CreateAgent body, CancellationToken cancellation)
    {
        var chosen = ModelRules.Read(body.Model, body.Fallbacks, models.Models);
        var failure = CheckName(body.Name) ?? chosen.ModelFailure ?? CheckTexts(body) ?? await CheckToolsAsync(tenant, body.Tools, cancellation).ConfigureAwait(false) ?? chosen.FallbackFailure
            ?? FreeMembers.Check("memory", body.Memory) ?? FreeMembers.Check("planning", body.Planning) ?? FreeMembers.Check("security", body.Security) ?? SecurityMember.Check(body.Security)
            ?? Bounds.Check(body.Limits) ?? Bounds.Check(body.Scaling) ?? Resources.Check(body.Resources) ?? CheckImage(body.ContainerImage);
        return failure is not null ? (null, failure) : (
            new AgentDefinition(
                tenant, body.Name, 1, body.Type ?? DefaultType, body.Specialization ?? DefaultSpecialization, body.Description ?? "", chosen.Model, body.Instructions,
                body.Tools ?? [], body.Limits ?? new AgentLimits(), body.Quality?.Mode ?? QualityMode.Stream, chosen.Fallbacks,
                body.Memory, body.Planning, body.Security, body.Scaling, body.Resources, body.ContainerImage),
            null);
    }

    /// <summary>True for what an agent can be called.</summary>
    public static bool IsName(string name) => Slug().IsMatch(name);

    internal static AgentRefusal Invalid(string member, string message) => AgentRefusal.Invalid("invalid_value", message, member);

    private static AgentRefusal? CheckName(string name) => name switch
    {
        _ when !Slug().IsMatch(name) => Invalid("name", $"\"name\" must be {Shape}."),
        Reserved => Invalid("name", $"\"{Reserved}\" is reserved for bare models; choose another name."),
        _ => null,
    };

    private static AgentRefusal? CheckTexts(CreateAgent body) => body switch
    {
        { Instructions: var text } when string.IsNullOrWhiteSpace(text) || text.Length > MaxInstructions =>
            Invalid("instructions", $"\"instructions\" must have 1 to {MaxInstructions} characters; there are {text.Length}."),
        { Instructions: var text } when text.Contains('\0') => Invalid("instructions", "\"instructions\" hold the character U+0000, which cannot be kept; leave it out."),
        { Type: { } type } when !Slug().IsMatch(type) => Invalid("type", $"\"type\" must be {Shape}."),
        { Type: Reserved } => Invalid("type", $"\"{Reserved}\" is the type of bare models; choose another, such as \"{DefaultType}\"."),
        { Specialization: { } text } when string.IsNullOrWhiteSpace(text) || text.Length > MaxSpecialization || text.Any(char.IsControl) =>
            Invalid("specialization", $"\"specialization\" must have 1 to {MaxSpecialization} characters on one line."),
        { Description: { } text } when text.Length > MaxDescription || text.Any(char.IsControl) =>
            Invalid("description", $"\"description\" must have at most {MaxDescription} characters on one line; longer texts belong into \"instructions\"."),
        _ => null,
    };

    /// <summary>An agent follows the tools it names: what it calls is the version that is approved at that time.</summary>
    private async Task<AgentRefusal?> CheckToolsAsync(string tenant, IReadOnlyList<string>? names, CancellationToken cancellation)
    {
        var (unknown, known) = await tools.LookAsync(tenant, names ?? [], cancellation).ConfigureAwait(false);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, i) in (names ?? []).Select(static (name, i) => (name, i)))
        {
            if (name is null || unknown.Contains(name))
            {
                return AgentRefusal.Invalid("unknown_tool", $"There is no tool \"{name}\"; known tools: {string.Join(", ", known)}.", $"tools[{i}]");
            }

            if (!seen.Add(name))
            {
                return Invalid($"tools[{i}]", $"\"tools\" names \"{name}\" twice.");
            }
        }

        return null;
    }

    private AgentRefusal? CheckImage(string? image) => image switch
    {
        null => null,
        { Length: 0 or > MaxImage } => Invalid("container_image", $"\"container_image\" must have 1 to {MaxImage} characters, or be left out for the platform's own image."),
        _ when options.Value.Allows(image) => null,
        _ => AgentRefusal.Invalid("image_not_allowed", $"The image \"{image}\" is not on the operator's list; leave \"container_image\" out, or ask the operator to add it to Agents:AllowedImages.", "container_image"),
    };

    [GeneratedRegex(@"^[a-z0-9][a-z0-9._-]{0,62}\z")]
    private static partial Regex Slug();
}
