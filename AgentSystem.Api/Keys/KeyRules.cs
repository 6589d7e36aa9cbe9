using AgentSystem.Api.Http;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Security;

namespace AgentSystem.Api.Keys;

/// <summary>What a request for a key may look like, whoever sends it; the first wrong member is named.</summary>
internal static class KeyRules
{
    private const int MaxName = 100;
    private const int MaxNames = 100;
    private const int MaxDays = 3650;

    /// <summary>Null when the request is well formed.</summary>
    public static RunFailure? Refuse(CreateKey body) => body switch
    {
        { Name: var name } when string.IsNullOrWhiteSpace(name) || name.Length > MaxName => Invalid("name", $"\"name\" must have 1 to {MaxName} characters."),
        { Name: var name } when name.Trim() is AdminKey.Name or AdminKey.OrchestratorName => Invalid("name", $"\"{name.Trim()}\" is the name of a key the platform makes itself; choose another."),
        { Scopes.Count: 0 } => Invalid("scopes", "\"scopes\" must name at least one of: " + string.Join(", ", Scopes.All) + "."),
        _ when RefuseNames("scopes", body.Scopes) is { } refused => refused,
        _ when body.Scopes.FirstOrDefault(scope => !Scopes.All.Contains(scope)) is { } unknown =>
            Invalid("scopes", $"\"scopes\" names \"{JsonPlace.Shorten(unknown, MaxName)}\"; known scopes: {string.Join(", ", Scopes.All)}."),
        { ExpiresInDays: < 1 or > MaxDays } => Invalid("expires_in_days", $"\"expires_in_days\" must be from 1 to {MaxDays}."),
        { Limits.RequestsPerMinute: < 1 } => Invalid("limits.requests_per_minute", "\"limits.requests_per_minute\" must be at least 1."),
        { Limits.TokensPerMinute: < 1 } => Invalid("limits.tokens_per_minute", "\"limits.tokens_per_minute\" must be at least 1."),
        { Limits.Concurrency: < 1 } => Invalid("limits.concurrency", "\"limits.concurrency\" must be at least 1."),
        { User: { } user } when string.IsNullOrWhiteSpace(user) || user.Length > MaxName => Invalid("user", $"\"user\" must have 1 to {MaxName} characters."),
        { User: { } user } when RequestUser.IsReserved(user) => Invalid("user", RequestUser.ReservedMessage),
        { Team: { } team } when string.IsNullOrWhiteSpace(team) || team.Length > MaxName => Invalid("team", $"\"team\" must have 1 to {MaxName} characters."),
        _ => RefuseNames("agents", body.Agents) ?? RefuseNames("tools", body.Tools),
    };

    private static RunFailure? RefuseNames(string member, IReadOnlyList<string>? names)
    {
        if (names is null)
        {
            return null;
        }

        if (names.Count > MaxNames)
        {
            return Invalid(member, $"\"{member}\" has {names.Count} names; at most {MaxNames} are allowed.");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < names.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(names[i]) || names[i].Length > MaxName)
            {
                return Invalid($"{member}[{i}]", $"\"{member}[{i}]\" must have 1 to {MaxName} characters{(member == "scopes" ? "" : $"; leave \"{member}\" out for all this key has")}.");
            }

            if (!seen.Add(names[i]))
            {
                return Invalid($"{member}[{i}]", $"\"{member}\" names \"{names[i]}\" twice.");
            }
        }

        return null;
    }

    private static RunFailure Invalid(string member, string message) => RunFailure.Invalid("invalid_value", message, member);
}
