using System.Collections.Concurrent;
using System.Data.Common;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Security;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Security;

/// <summary>
/// Turns a presented secret into a <see cref="Caller"/>. The only place that decides whether a key is good. While the store is slow or away, a key that was good
/// a short while ago goes on (<see cref="SecurityOptions.KeyGrace"/>); one that is not known is neither good nor bad then.
/// </summary>
public sealed partial class KeyAuthenticator(IKeyStore keys, KeySecrets secrets, IOptions<SecurityOptions> options, TimeProvider time, ILogger<KeyAuthenticator> log)
{
    /// <summary>How long an answer of the store is trusted: a revoked key stops within this time on every process, well inside the promised five seconds.</summary>
    public static readonly TimeSpan Trust = TimeSpan.FromSeconds(2);

    /// <summary>How long a known key waits for the store before it goes on with what was known; together with <see cref="Trust"/> still inside the promised five seconds.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>When a key that cannot be told is asked for again.</summary>
    public static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);

    private const string NotValid = "The key is not valid.";
    private const int MaxSecretLength = 512;
    private const int MaxRemembered = 10_000;
    private static readonly TimeSpan TouchEvery = TimeSpan.FromMinutes(1);

    // Apart, so that whoever sends made-up keys cannot push the good ones out.
    private readonly ConcurrentDictionary<string, Remembered> good = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Remembered> bad = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<Task<Remembered>>> asking = new(StringComparer.Ordinal);
    private long complainedAt = DateTimeOffset.MinValue.UtcTicks;

    /// <summary>The caller behind a secret, or why there is none.</summary>
    public async Task<KeyVerdict> AuthenticateAsync(string secret, CancellationToken cancellation)
    {
        // A mistyped or made-up key costs no question to the store.
        if (secret.Length is 0 or > MaxSecretLength || !KeySecrets.HasRightChecksum(secret))
        {
            return new KeyVerdict(null, NotValid);
        }

        var hash = secrets.Hash(secret);
        var id = Convert.ToHexString(hash);
        var now = time.GetUtcNow();
        var known = Recall(id);
        if (known is null || now - known.At > Trust)
        {
            try
            {
                known = await (IsGraced(known, now) ? AskAsync(id, hash).WaitAsync(Patience, time, cancellation) : AskAsync(id, hash).WaitAsync(cancellation)).ConfigureAwait(false);
            }
            catch (Exception away) when (IsAway(away))
            {
                Complain(now, away);
                if (!IsGraced(known, now))
                {
                    return new KeyVerdict(null, "The keys cannot be looked up at the moment; try again shortly.", Retry);
                }
            }
        }

        var verdict = Judge(known!.View, now);
        if (verdict.Caller is { } caller && now - known.TouchedAt > TouchEvery)
        {
            await TouchAsync(id, known, caller, now, cancellation).ConfigureAwait(false);
        }

        return verdict;
    }

    /// <summary>True for a key that was good within <see cref="SecurityOptions.KeyGrace"/>; nobody is asked.</summary>
    public bool Knows(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        var now = time.GetUtcNow();
        return secret.Length is > 0 and <= MaxSecretLength && Recall(Convert.ToHexString(secrets.Hash(secret))) is { } known && IsGraced(known, now) && Judge(known.View, now).Caller is not null;
    }

    private Remembered? Recall(string id) => good.TryGetValue(id, out var known) || bad.TryGetValue(id, out known) ? known : null;

    private bool IsGraced(Remembered? known, DateTimeOffset now) => known?.View is not null && now - known.At <= options.Value.KeyGrace;

    /// <summary>One question at a time for each key: a store that is slow is not asked by every request.</summary>
    private Task<Remembered> AskAsync(string id, byte[] hash) =>
        asking.GetOrAdd(id, _ => new Lazy<Task<Remembered>>(() => LookUpAsync(id, hash))).Value;

    private async Task<Remembered> LookUpAsync(string id, byte[] hash)
    {
        try
        {
            // The moment before the question: what happened since then may be missing from its answer.
            var asked = time.GetUtcNow();
            var stored = await keys.FindByHashAsync(hash, CancellationToken.None).ConfigureAwait(false);
            var found = new Remembered(stored?.View, asked, Recall(id)?.TouchedAt ?? DateTimeOffset.MinValue);
            Remember(id, found);
            return found;
        }
        finally
        {
            asking.TryRemove(id, out _);
        }
    }

    private void Remember(string id, Remembered found)
    {
        var (into, from) = found.View is null ? (bad, good) : (good, bad);
        if (into.Count >= MaxRemembered)
        {
            into.Clear();
        }

        into[id] = found;
        from.TryRemove(id, out _);
    }

    /// <summary>When a key was last used is worth knowing, and not worth refusing it for.</summary>
    private async Task TouchAsync(string id, Remembered known, Caller caller, DateTimeOffset now, CancellationToken cancellation)
    {
        // Not over what the store has said since: it may be that the key was revoked.
        good.TryUpdate(id, known with { TouchedAt = now }, known);
        try
        {
            await keys.TouchAsync(caller.Tenant, caller.KeyId, now, cancellation).WaitAsync(Patience, time, cancellation).ConfigureAwait(false);
        }
        catch (Exception away) when (IsAway(away))
        {
            Complain(now, away);
        }
    }

    private static bool IsAway(Exception exception) => exception is DbException or TimeoutException or IOException;

    private void Complain(DateTimeOffset now, Exception away)
    {
        var last = Interlocked.Read(ref complainedAt);
        if (now.UtcTicks - last > TouchEvery.Ticks && Interlocked.CompareExchange(ref complainedAt, now.UtcTicks, last) == last)
        {
            LogAway(away.GetType().Name);
        }
    }

    private static KeyVerdict Judge(KeyView? key, DateTimeOffset now) => key switch
    {
        null => new KeyVerdict(null, NotValid),
        { RevokedAt: not null } => new KeyVerdict(null, "The key has been revoked."),
        { ExpiresAt: { } expiry } when expiry <= now => new KeyVerdict(null, "The key has expired."),
        _ => new KeyVerdict(new Caller(key.Id, key.Name, key.Tenant, key.Team, key.User, key.Scopes, key.Agents, key.Tools, key.Limits, key.ExpiresAt), null),
    };

    [LoggerMessage(LogLevel.Warning, "Keys cannot be looked up ({Failure}); those that were good a short while ago go on")]
    private partial void LogAway(string failure);

    private sealed record Remembered(KeyView? View, DateTimeOffset At, DateTimeOffset TouchedAt);
}

/// <summary>Either a caller, or the reason there is none.</summary>
/// <param name="Caller">Who it is.</param>
/// <param name="Reason">Why it is nobody.</param>
/// <param name="RetryAfter">When it cannot be told whether the key is good: when to ask again. Null: the key is bad.</param>
public sealed record KeyVerdict(Caller? Caller, string? Reason, TimeSpan? RetryAfter = null);
