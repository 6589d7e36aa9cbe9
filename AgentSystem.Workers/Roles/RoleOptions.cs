using AgentSystem.Contracts.Roles;
using Microsoft.Extensions.Options;

namespace AgentSystem.Workers.Roles;

/// <summary>Which roles this process serves.</summary>
public sealed class RoleOptions
{
    /// <summary>Every role there is.</summary>
    public static IReadOnlyList<string> Known => RoleNames.All;

    /// <summary><c>all</c>, or a comma list of <see cref="Known"/>.</summary>
    public string Roles { get; set; } = RoleNames.Everything;

    /// <summary>The roles as a list.</summary>
    public IReadOnlyList<string> Selected =>
        Roles.Trim() == RoleNames.Everything ? Known : Roles.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Whether this process serves the role.</summary>
    public bool Serves(string role) => Selected.Contains(role, StringComparer.Ordinal);
}

/// <summary>Names every unknown role at once.</summary>
internal sealed class RoleOptionsValidator : IValidateOptions<RoleOptions>
{
    public ValidateOptionsResult Validate(string? name, RoleOptions options)
    {
        var unknown = options.Selected.Except(RoleOptions.Known).ToList();
        return (unknown.Count, options.Selected.Count) switch
        {
            (0, > 0) => ValidateOptionsResult.Success,
            (0, 0) => ValidateOptionsResult.Fail("Roles is empty; write Roles=all or a comma list of: " + string.Join(", ", RoleOptions.Known) + "."),
            _ => ValidateOptionsResult.Fail($"Roles names {string.Join(", ", unknown.Select(r => $"\"{r}\""))}; known roles: all, {string.Join(", ", RoleOptions.Known)}."),
        };
    }
}
