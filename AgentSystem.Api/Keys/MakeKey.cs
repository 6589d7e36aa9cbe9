using AgentSystem.Api.Http;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Keys;

/// <summary><c>POST /api/v1/keys</c>: makes a key that may do no more than its maker, and shows its secret once.</summary>
internal static class MakeKey
{
    public static async Task<Results<Created<CreatedKey>, FailureResult>> Handle(
        CreateKey body, HttpContext http, IKeyStore keys, KeySecrets secrets, TimeProvider time, CancellationToken cancellation)
    {
        var caller = http.Caller();
        if (KeyRules.Refuse(body) is { } refused)
        {
            return new FailureResult(refused);
        }

        var now = time.GetUtcNow();
        var (grant, tooMuch) = KeyGrant.Of(body, caller, now);
        if (grant is null)
        {
            return new FailureResult(tooMuch!);
        }

        var secret = KeySecrets.Create();
        var view = new KeyView(
            "key_" + Guid.CreateVersion7(now).ToString("N"), body.Name.Trim(), KeySecrets.Prefix(secret), caller.Tenant, grant.Team, grant.User, body.Scopes,
            grant.Agents, grant.Tools, grant.Limits, now, grant.ExpiresAt, null, null);
        await keys.AddAsync(new StoredKey(secrets.Hash(secret), view), cancellation);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created("/api/v1/keys/" + view.Id, new CreatedKey(view.Id, secret, view));
    }
}
