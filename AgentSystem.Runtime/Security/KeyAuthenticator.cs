using System.Collections.Concurrent;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Security;

namespace AgentSystem.Runtime.Security;

/// <summary>Turns a presented secret into a <see cref="Caller"/>. The only place that decides whether a key is good.</summary>
public sealed class KeyAuthenticator(IKeyStore keys, KeySecrets secrets, TimeProvider time)
{
    /// <summary>How long an answer of the store is trusted: a revoked key stops within this time on every process, well inside the promised five seconds.</summary>
    public static readonly TimeSpan Trust = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan TouchEvery = TimeSpan.FromMinutes(1);
    private const int MaxSecretLength = 512;
    private const int MaxRemembered = 10_000;
    private readonly ConcurrentDictionary<string, Remembered> remembered = new(StringComparer.Ordinal);

    /// <summary>The caller behind a secret, or why there is none.</summary>
    public async Task<KeyVerdict> AuthenticateAsync(string secret, CancellationToken cancellation)
    {
        if (secret.Length is 0 or > MaxSecretLength)
        {
            return new KeyVerdict(null, "The key is not valid.");
        }

        var hash = secrets.Hash(secret);
        var id = Convert.ToHexString(hash);
        var now = time.GetUtcNow();
        if (!remembered.TryGetValue(id, out var known) || now - known.At > Trust)
        {
            var stored = await keys.FindByHashAsync(hash, cancellation).ConfigureAwait(false);
            known = new Remembered(stored?.View, now, known?.TouchedAt ?? DateTimeOffset.MinValue);
            if (remembered.Count >= MaxRemembered)
            {
                remembered.Clear();
            }

            remembered[id] = known;
        }

        var verdict = Judge(known.View, now);
        if (verdict.Caller is not null && now - known.TouchedAt > TouchEvery)
        {
            remembered[id] = known with { TouchedAt = now };
            await keys.TouchAsync(verdict.Caller.Tenant, verdict.Caller.KeyId, now, cancellation).ConfigureAwait(false);
        }

        return verdict;
    }

    private static KeyVerdict Judge(KeyView? key, DateTimeOffset now) => key switch
    {
        null => new KeyVerdict(null, "The key is not valid."),
        { RevokedAt: not null } => new KeyVerdict(null, "The key has been revoked."),
        { ExpiresAt: { } expiry } when expiry <= now => new KeyVerdict(null, "The key has expired."),
        _ => new KeyVerdict(new Caller(key.Id, key.Name, key.Tenant, key.Team, key.User, key.Scopes, key.Agents, key.Tools, key.Limits, key.ExpiresAt), null),
    };

    private sealed record Remembered(KeyView? View, DateTimeOffset At, DateTimeOffset TouchedAt);
}

/// <summary>Either a caller, or the reason there is none.</summary>
public sealed record KeyVerdict(Caller? Caller, string? Reason);
