using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Pipeline;

namespace AgentSystem.Api.Keys;

/// <summary>What a key hands on to one it makes: never more than it holds itself, and what the request leaves out is inherited.</summary>
internal sealed record KeyGrant(string? Team, string? User, IReadOnlyList<string> Agents, IReadOnlyList<string> Tools, KeyLimits Limits, DateTimeOffset? ExpiresAt)
{
    private const string All = "*";

    /// <summary>The grant, or which member asks for more than the maker has.</summary>
    /// <param name="body">The request.</param>
    /// <param name="maker">Whose key makes it.</param>
    /// <param name="now">From when its days count.</param>
    public static (KeyGrant? Grant, RunFailure? Failure) Of(CreateKey body, Caller maker, DateTimeOffset now)
    {
        var limits = (body.Limits ?? KeyLimits.None).Or(maker.Limits);
        DateTimeOffset? end = body.ExpiresInDays is { } days ? now.AddDays(days) : maker.ExpiresAt;
        var failure = body switch
        {
            { Tenant: { } tenant } when tenant != maker.Tenant => RunFailure.Forbidden("tenant_not_allowed", "A key can only be made for the caller's own tenant; leave \"tenant\" out.", "tenant"),
            _ when body.Scopes.FirstOrDefault(scope => !maker.Has(scope)) is { } scope => TooMuch("scope_not_allowed", "scopes", $"the scope \"{scope}\" is none of its own"),
            { Team: { } team } when maker.Team is { } own && team != own => TooMuch("team_not_allowed", "team", "it belongs to a team of its own"),
            { User: { } user } when maker.BoundUser is { } own && user != own => TooMuch("user_not_allowed", "user", "it is bound to one user"),
            _ when body.Agents?.FirstOrDefault(agent => !maker.MayCall(agent)) is { } agent => TooMuch("agent_not_allowed", "agents", $"it may not call \"{agent}\" itself"),
            _ when body.Tools?.FirstOrDefault(tool => !maker.MayUse(tool)) is { } tool => TooMuch("tool_not_allowed", "tools", $"it may not use \"{tool}\" itself"),
            _ when limits.RequestsPerMinute > maker.Limits.RequestsPerMinute => TooMuch("limit_not_allowed", "limits.requests_per_minute", $"it has {maker.Limits.RequestsPerMinute} requests a minute itself"),
            _ when limits.TokensPerMinute > maker.Limits.TokensPerMinute => TooMuch("limit_not_allowed", "limits.tokens_per_minute", $"it has {maker.Limits.TokensPerMinute} tokens a minute itself"),
            _ when limits.Concurrency > maker.Limits.Concurrency => TooMuch("limit_not_allowed", "limits.concurrency", $"it may have {maker.Limits.Concurrency} requests under way itself"),
            _ when end > maker.ExpiresAt => TooMuch("expiry_not_allowed", "expires_in_days", "it ends earlier itself"),
            _ => null,
        };
        return failure is not null
            ? (null, failure)
            : (new KeyGrant(body.Team ?? maker.Team, body.User ?? maker.BoundUser, body.Agents ?? maker.Agents, body.Tools ?? maker.Tools, limits, end), null);
    }

    /// <summary>True when the key is narrowed in nothing, so that a key without bounds is no more than itself.</summary>
    public static bool IsWhole(Caller maker) => maker is { Team: null, BoundUser: null, ExpiresAt: null } && maker.Limits == KeyLimits.None && maker.Agents.Contains(All) && maker.Tools.Contains(All);

    private static RunFailure TooMuch(string code, string member, string why) =>
        RunFailure.Forbidden(code, $"A key cannot make one that may do more than itself: {why}. Narrow \"{member}\", or leave it out to hand on what this key has.", member);
}
