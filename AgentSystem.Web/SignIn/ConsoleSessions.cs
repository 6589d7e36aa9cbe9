using System.Collections.Concurrent;
using System.Security.Claims;

namespace AgentSystem.Web.SignIn;

/// <summary>Which sessions are over, and the newest tokens of those that came by single sign-on. It is kept in this process: a page that stays open cannot change its cookie.</summary>
internal sealed class ConsoleSessions(TimeProvider time, TokenRefresh? refresh = null)
{
    /// <summary>Without a request for so long a session is over.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromHours(1);

    /// <summary>After so long it is over in any case.</summary>
    public static readonly TimeSpan Total = TimeSpan.FromHours(24);

    // A token is exchanged before it ends, so that no call meets its end on the way.
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(30);
    private const int Sweep = 1_000;

    private readonly ConcurrentDictionary<string, DateTimeOffset> ended = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SessionTokens> newest = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<Task<SessionTokens?>>> refreshing = new(StringComparer.Ordinal);

    /// <summary>True for a session that was signed out, or has lasted too long; its cookie is worth nothing any more, whoever has a copy.</summary>
    public bool IsOver(ClaimsPrincipal user) =>
        ConsoleUser.SessionOf(user) is not { } id || ended.ContainsKey(id) || ConsoleUser.SinceOf(user) is not { } since || time.GetUtcNow() - since >= Total;

    /// <summary>Ends a session.</summary>
    public void End(ClaimsPrincipal user)
    {
        if (ConsoleUser.SessionOf(user) is not { } id)
        {
            return;
        }

        var now = time.GetUtcNow();
        ended[id] = now + Total;
        newest.TryRemove(id, out _);
        if (ended.Count % Sweep == 0)
        {
            // Older sessions are over by their age.
            foreach (var (old, until) in ended.Where(entry => entry.Value < now))
            {
                ended.TryRemove(KeyValuePair.Create(old, until));
            }
        }
    }

    /// <summary>The person with the newest tokens of the session; null where the cookie has them already.</summary>
    public ClaimsPrincipal? Renewed(ClaimsPrincipal user) =>
        ConsoleUser.SessionOf(user) is { } id && newest.TryGetValue(id, out var tokens) && tokens != ConsoleUser.TokensOf(user) ? ConsoleUser.With(user, tokens) : null;

    /// <summary>What the API is called with: the key, or a token that is good for a while yet; null when the session is over.</summary>
    public async Task<string?> KeyOfAsync(ClaimsPrincipal user)
    {
        if (IsOver(user))
        {
            return null;
        }

        if (ConsoleUser.TokensOf(user) is not { } first)
        {
            return ConsoleUser.KeyOf(user);
        }

        var id = ConsoleUser.SessionOf(user)!;
        var tokens = newest.GetValueOrDefault(id, first);
        if (tokens.Refresh is null || refresh is null || time.GetUtcNow() < tokens.End - Early)
        {
            return tokens.Access;
        }

        // One exchange at a time: a refresh token is good once, and a second use of it would end the session at the provider.
        var next = await refreshing.GetOrAdd(id, _ => new Lazy<Task<SessionTokens?>>(() => ExchangeAsync(id, tokens, refresh))).Value;
        return (next ?? tokens).Access;
    }

    private async Task<SessionTokens?> ExchangeAsync(string id, SessionTokens tokens, TokenRefresh exchange)
    {
        try
        {
            if (await exchange.TryAsync(tokens.Refresh!) is not { } next)
            {
                return null;
            }

            newest[id] = next;
            return next;
        }
        finally
        {
            refreshing.TryRemove(id, out _);
        }
    }
}
