using AgentSystem.Api.Http;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Keys;

/// <summary><c>POST /api/v1/keys</c>: makes a key and shows its secret once.</summary>
internal static class MakeKey
{
    private const int MaxName = 100;
    private const int MaxDays = 3650;

    public static async Task<Results<Created<CreatedKey>, FailureResult>> Handle(
        CreateKey body, HttpContext http, IKeyStore keys, KeySecrets secrets, TimeProvider time, CancellationToken cancellation)
    {
        var caller = http.Caller();
        if (Refuse(body, caller) is { } refused)
        {
            return new FailureResult(refused);
        }

        var now = time.GetUtcNow();
        var secret = KeySecrets.Create();
        var view = new KeyView(
            "key_" + Guid.CreateVersion7(now).ToString("N"), body.Name.Trim(), KeySecrets.Prefix(secret), caller.Tenant, body.Team, body.User, [.. body.Scopes.Distinct()],
            body.Agents ?? ["*"], body.Tools ?? ["*"], body.Limits ?? KeyLimits.None, now, body.ExpiresInDays is { } days ? now.AddDays(days) : null, null, null);
        await keys.AddAsync(new StoredKey(secrets.Hash(secret), view), cancellation);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created("/api/v1/keys/" + view.Id, new CreatedKey(view.Id, secret, view));
    }

    private static RunFailure? Refuse(CreateKey body, Caller caller)
    {
        var unknown = body.Scopes.Except(Scopes.All).ToList();
        return body switch
        {
            { Name: var name } when string.IsNullOrWhiteSpace(name) || name.Length > MaxName => Invalid("name", $"\"name\" must have 1 to {MaxName} characters."),
            { Name: var name } when name.Trim() is AdminKey.Name or AdminKey.OrchestratorName => Invalid("name", $"\"{name.Trim()}\" is the name of a key the platform makes itself; choose another."),
            { Scopes.Count: 0 } => Invalid("scopes", "\"scopes\" must name at least one of: " + string.Join(", ", Scopes.All) + "."),
            _ when unknown.Count > 0 => Invalid("scopes", $"\"scopes\" names {string.Join(", ", unknown)}; known scopes: {string.Join(", ", Scopes.All)}."),
            { Tenant: { } tenant } when tenant != caller.Tenant => RunFailure.Forbidden("tenant_not_allowed", "A key can only be made for the caller's own tenant."),
            { ExpiresInDays: < 1 or > MaxDays } => Invalid("expires_in_days", $"\"expires_in_days\" must be from 1 to {MaxDays}."),
            { Limits.RequestsPerMinute: < 1 } => Invalid("limits.requests_per_minute", "\"limits.requests_per_minute\" must be at least 1."),
            { Limits.TokensPerMinute: < 1 } => Invalid("limits.tokens_per_minute", "\"limits.tokens_per_minute\" must be at least 1."),
            { Limits.Concurrency: < 1 } => Invalid("limits.concurrency", "\"limits.concurrency\" must be at least 1."),
            { User: { } user } when string.IsNullOrWhiteSpace(user) || user.Length > MaxName => Invalid("user", $"\"user\" must have 1 to {MaxName} characters."),
            { Team: { } team } when string.IsNullOrWhiteSpace(team) || team.Length > MaxName => Invalid("team", $"\"team\" must have 1 to {MaxName} characters."),
            _ when Blank(body.Agents) => Invalid("agents", "\"agents\" must not hold empty names; leave it out for all."),
            _ when Blank(body.Tools) => Invalid("tools", "\"tools\" must not hold empty names; leave it out for all."),
            _ => null,
        };
    }

    private static bool Blank(IReadOnlyList<string>? names) => names?.Any(string.IsNullOrWhiteSpace) == true;

    private static RunFailure Invalid(string member, string message) => RunFailure.Invalid("invalid_value", message, member);
}
