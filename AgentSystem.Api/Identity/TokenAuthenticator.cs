using System.Collections.Concurrent;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Security.Audit;
using AgentSystem.ServiceDefaults.SingleSignOn;
using Microsoft.Extensions.Options;

namespace AgentSystem.Api.Identity;

/// <summary>Tokens of the identity provider. What was found is remembered for a minute, by a hash of the whole token: a part of it would let one person's answer be another's.</summary>
internal sealed class TokenAuthenticator(TokenReader reader, TokenCallers callers, IOptions<OidcOptions> options, TimeProvider time, IAuditLog? audit = null)
{
    private const int MaxRemembered = 10_000;
    private static readonly TimeSpan Trust = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<string, Remembered> remembered = new(StringComparer.Ordinal);

    /// <summary>False where no identity provider is named.</summary>
    public bool IsOn => options.Value.IsOn;

    /// <summary>True for a token that was good a minute ago.</summary>
    public bool Knows(string token) => Recall(HashOf(token)) is not null;

    /// <summary>The caller behind a token, or why there is none.</summary>
    public async Task<Verdict> AuthenticateAsync(string token, CancellationToken cancellation)
    {
        var hash = HashOf(token);
        if (Recall(hash) is { } known)
        {
            return known.Verdict;
        }

        var (claims, refused) = await reader.ReadAsync(token, cancellation);
        if (claims is null)
        {
            return refused!;
        }

        using (claims)
        {
            try
            {
                var verdict = await callers.FindAsync(claims.RootElement, cancellation);
                if (verdict.Caller is { } caller)
                {
                    NoteFirst(hash, caller);
                    Remember(hash, new Remembered(verdict, TokenReader.Moment(claims.RootElement, "exp")!.Value, time.GetUtcNow()));
                }

                return verdict;
            }
            catch (Exception away) when (away is DbException or TimeoutException or IOException)
            {
                return Verdict.Away("store_unavailable", "The database does not answer, so the token's tenant cannot be looked up; try again shortly.", Retry);
            }
        }
    }

    /// <summary>A token is somebody's sign-in the first time it is seen here; refusals are audited where all requests are.</summary>
    private void NoteFirst(string hash, Caller caller)
    {
        if (!remembered.ContainsKey(hash))
        {
            audit?.Note(new AuditEvent(caller.Tenant, caller.KeyId, "request.authenticate", "", AuditDecision.Allowed, Details: new Dictionary<string, string> { ["name"] = caller.KeyName, ["by"] = "single_sign_on" }));
        }
    }

    private Remembered? Recall(string hash) => remembered.TryGetValue(hash, out var known) && time.GetUtcNow() - known.At <= Trust && reader.IsAlive(known.End) ? known : null;

    private void Remember(string hash, Remembered found)
    {
        if (remembered.Count >= MaxRemembered)
        {
            remembered.Clear();
        }

        remembered[hash] = found;
    }

    private static string HashOf(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private sealed record Remembered(Verdict Verdict, DateTimeOffset End, DateTimeOffset At);
}
