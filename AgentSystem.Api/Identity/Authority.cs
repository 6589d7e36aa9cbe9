using System.Text.Json;
using AgentSystem.ServiceDefaults.SingleSignOn;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace AgentSystem.Api.Identity;

/// <summary>
/// The identity provider, as far as tokens need it: its name and keys, fetched from the operator's address and from what is published there. A token never
/// says where to look. An unknown key is asked for at once, at most once a minute; keys that are there go on while the provider is away.
/// </summary>
internal sealed partial class Authority(IHttpClientFactory clients, IOptions<OidcOptions> options, TimeProvider time, ILogger<Authority> log) : IDisposable
{
    /// <summary>Name of the <see cref="HttpClient"/>.</summary>
    public const string ClientName = "authority";

    /// <summary>Least time between two attempts while keys are there: whoever sends made-up key ids must not steer how often the provider is asked.</summary>
    public static readonly TimeSpan AskAgain = TimeSpan.FromMinutes(1);

    /// <summary>Least time between two attempts while there are none at all.</summary>
    public static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim asking = new(1);
    private volatile AuthorityKeys? known;
    private long triedAt = DateTimeOffset.MinValue.UtcTicks;

    /// <summary>The keys with the one a token needs, as far as it is there.</summary>
    /// <returns>Keys null: the provider has not answered for too long, so nothing can be told. Key null: it has no such key.</returns>
    public async Task<(AuthorityKeys? Keys, JsonWebKey? Key)> FindAsync(TokenForm form, CancellationToken cancellation)
    {
        var have = known;
        var key = have?.Find(form);
        if (key is null)
        {
            await RefreshAsync(cancellation);
            have = known;
            key = have?.Find(form);
        }
        else if (time.GetUtcNow() - have!.At > options.Value.KeysRefresh)
        {
            // Nobody waits for a provider whose key is here; how it went is logged where it is known.
            _ = RefreshAsync(CancellationToken.None);
        }

        if (have is null || time.GetUtcNow() - have.At > options.Value.KeysKept)
        {
            await RefreshAsync(cancellation);
            have = known;
            return have is null || time.GetUtcNow() - have.At > options.Value.KeysKept ? (null, null) : (have, have.Find(form));
        }

        return (have, key);
    }

    public void Dispose() => asking.Dispose();

    private async Task RefreshAsync(CancellationToken cancellation)
    {
        await asking.WaitAsync(cancellation);
        try
        {
            var now = time.GetUtcNow();
            if (now - new DateTimeOffset(Interlocked.Read(ref triedAt), TimeSpan.Zero) < (known is null ? TryAgain : AskAgain))
            {
                return;
            }

            Interlocked.Exchange(ref triedAt, now.UtcTicks);
            known = await FetchAsync(now);
        }
        catch (Exception refusal) when (refusal is HttpRequestException or JsonException or OperationCanceledException or InvalidDataException or ArgumentException)
        {
            LogAway(options.Value.Authority, refusal.Message);
        }
        finally
        {
            asking.Release();
        }
    }

    private async Task<AuthorityKeys> FetchAsync(DateTimeOffset now)
    {
        // The client has its own time limit. A caller who leaves must not end what others wait for.
        using var client = clients.CreateClient(ClientName);
        var authority = options.Value.Authority.TrimEnd('/');
        using var document = JsonDocument.Parse(await client.GetByteArrayAsync(new Uri(authority + "/.well-known/openid-configuration"), CancellationToken.None));
        var issuer = Text(document, "issuer");
        if (issuer.TrimEnd('/') != authority)
        {
            throw new InvalidDataException($"It calls itself \"{issuer}\". Write Oidc:Authority exactly like that, or correct the provider.");
        }

        var address = Text(document, "jwks_uri");
        if (!OidcSettings.IsSafe(address) || (address.StartsWith("http:", StringComparison.OrdinalIgnoreCase) && !authority.StartsWith("http:", StringComparison.OrdinalIgnoreCase)))
        {
            throw new InvalidDataException("The address of its keys is not https.");
        }

        var keys = AuthorityKeys.Usable(new JsonWebKeySet(await client.GetStringAsync(new Uri(address), CancellationToken.None)));
        LogFetched(keys.Count, authority);
        return new AuthorityKeys(issuer, keys, now);
    }

    private static string Text(JsonDocument document, string name) =>
        document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new InvalidDataException($"What it publishes has no \"{name}\".");

    [LoggerMessage(LogLevel.Information, "{Count} keys of {Authority} are here")]
    private partial void LogFetched(int count, string authority);

    [LoggerMessage(LogLevel.Warning, "The keys of {Authority} could not be fetched; those that are here go on. {Reason}")]
    private partial void LogAway(string authority, string reason);
}
