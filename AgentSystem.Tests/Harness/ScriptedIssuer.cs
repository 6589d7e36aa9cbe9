using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentSystem.Tests.Harness;

/// <summary>An identity provider on loopback: discovery, keys, sign-in by authorization code with PKCE, refreshing. It makes good tokens and, when told to, bad ones.</summary>
public sealed class ScriptedIssuer : IAsyncDisposable
{
    public const string Audience = "agentsystem";
    public const string Client = "console";

    private readonly WebApplication app;
    private readonly TimeProvider time;
    private readonly ConcurrentDictionary<string, Grant> codes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> refreshes = new(StringComparer.Ordinal);
    private int fetches;
    private int strays;

    private ScriptedIssuer(WebApplication app, TimeProvider time) => (this.app, this.time) = (app, time);

    /// <summary>What tokens name as their issuer.</summary>
    public string Url => app.Urls.First();

    /// <summary>The key tokens are signed with.</summary>
    public IssuerKey Key { get; private set; } = IssuerKey.Rsa("first");

    /// <summary>The keys that are published.</summary>
    public ConcurrentQueue<IssuerKey> Published { get; private set; } = new();

    /// <summary>How often the keys were fetched.</summary>
    public int Fetches => Volatile.Read(ref fetches);

    /// <summary>How often anything else was asked for: what a token's header would have liked to have fetched.</summary>
    public int Strays => Volatile.Read(ref strays);

    /// <summary>When true, it answers nothing but 503.</summary>
    public bool Away { get; set; }

    /// <summary>What it calls itself when that is not its address.</summary>
    public string? WrongName { get; set; }

    /// <summary>Who signs in next: the claims of the access token beside the usual ones.</summary>
    public Action<JsonObject> Person { get; set; } = static claims => claims["roles"] = new JsonArray("admin");

    /// <summary>How long access tokens of a sign-in last.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>What browsers said when they ended their sessions here.</summary>
    public ConcurrentQueue<IReadOnlyDictionary<string, string>> Left { get; } = new();

    /// <summary>How often somebody's session was refreshed.</summary>
    public int Refreshed { get; private set; }

    public static async Task<ScriptedIssuer> StartAsync(TimeProvider? time = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var issuer = new ScriptedIssuer(builder.Build(), time ?? TimeProvider.System);
        issuer.Published.Enqueue(issuer.Key);
        issuer.Map();
        await issuer.app.StartAsync();
        return issuer;
    }

    /// <summary>Signs with another key from now on, published in place of the one before.</summary>
    public void Rotate(IssuerKey? next = null)
    {
        Key = next ?? IssuerKey.Rsa("next-" + Guid.NewGuid().ToString("N"));
        Published = new([Key]);
    }

    /// <summary>A token for <paramref name="subject"/> that the API takes, unless <paramref name="claims"/> or <paramref name="header"/> spoil it.</summary>
    public string Token(string subject = "ada", Action<JsonObject>? claims = null, Action<JsonObject>? header = null, IssuerKey? signer = null, string algorithm = "RS256")
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var payload = new JsonObject { ["iss"] = Url, ["sub"] = subject, ["aud"] = Audience, ["iat"] = now, ["exp"] = now + 300, ["roles"] = new JsonArray("operator") };
        claims?.Invoke(payload);
        var top = new JsonObject { ["alg"] = algorithm, ["typ"] = "at+jwt", ["kid"] = (signer ?? Key).Id };
        header?.Invoke(top);
        var signed = Part(top.ToJsonString()) + "." + Part(payload.ToJsonString());
        return signed + "." + Base64Url.EncodeToString((signer ?? Key).Sign(algorithm, Encoding.ASCII.GetBytes(signed)));
    }

    /// <summary>A refresh token for somebody who signed in before.</summary>
    public string RefreshToken(string subject)
    {
        var refresh = Guid.NewGuid().ToString("N");
        refreshes[refresh] = subject;
        return refresh;
    }

    /// <summary>Counts exchanges anew.</summary>
    public void Forget() => Refreshed = 0;

    /// <summary>A token with any three parts.</summary>
    public static string Raw(string header, string payload, byte[] signature) => $"{Part(header)}.{Part(payload)}.{Base64Url.EncodeToString(signature)}";

    public static string Part(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        foreach (var key in Published.Append(Key).Distinct())
        {
            key.Dispose();
        }
    }

    private void Map()
    {
        app.Use((context, next) =>
        {
            if (!Away)
            {
                return next(context);
            }

            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        });
        app.MapGet("/.well-known/openid-configuration", () => Json(new JsonObject
        {
            ["issuer"] = WrongName ?? Url,
            ["jwks_uri"] = Url + "/keys",
            ["authorization_endpoint"] = Url + "/authorize",
            ["token_endpoint"] = Url + "/token",
            ["end_session_endpoint"] = Url + "/leave",
            ["response_types_supported"] = new JsonArray("code"),
            ["id_token_signing_alg_values_supported"] = new JsonArray("RS256"),
        }));
        app.MapGet("/keys", () =>
        {
            Interlocked.Increment(ref fetches);
            return Json(new JsonObject { ["keys"] = new JsonArray([.. Published.Select(static key => (JsonNode)key.Jwk())]) });
        });
        app.MapGet("/leave", (HttpRequest request) =>
        {
            Left.Enqueue(request.Query.ToDictionary(static part => part.Key, static part => part.Value.ToString(), StringComparer.Ordinal));
            return Results.Redirect(request.Query["post_logout_redirect_uri"].ToString());
        });
        app.MapGet("/authorize", Authorize);
        app.MapPost("/token", (Delegate)TokenAsync);
        app.MapFallback(() =>
        {
            Interlocked.Increment(ref strays);
            return Results.NotFound();
        });
    }

    /// <summary>Everybody is signed in already: the browser comes straight back with a code.</summary>
    private IResult Authorize(string client_id, string redirect_uri, string response_type, string state, string nonce, string code_challenge, string code_challenge_method)
    {
        if (client_id != Client || response_type != "code" || code_challenge_method != "S256")
        {
            return Results.BadRequest();
        }

        var code = Guid.NewGuid().ToString("N");
        codes[code] = new Grant(redirect_uri, nonce, code_challenge);
        return Results.Redirect($"{redirect_uri}?code={code}&state={Uri.EscapeDataString(state)}");
    }

    private async Task<IResult> TokenAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (form["grant_type"] == "refresh_token")
        {
            // Each refresh token is good once (RFC 9700, section 4.14).
            if (!refreshes.TryRemove(form["refresh_token"].ToString(), out var who))
            {
                return Results.BadRequest(new { error = "invalid_grant" });
            }

            Refreshed++;
            return Json(Answer(who, null));
        }

        return codes.TryRemove(form["code"].ToString(), out var grant)
            && form["redirect_uri"] == grant.Back
            && Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))) == grant.Challenge
            ? Json(Answer("ada", grant.Nonce))
            : Results.BadRequest(new { error = "invalid_grant" });
    }

    private JsonObject Answer(string subject, string? nonce)
    {
        var refresh = RefreshToken(subject);
        var seconds = (long)Lifetime.TotalSeconds;
        var answer = new JsonObject
        {
            ["token_type"] = "Bearer",
            ["expires_in"] = seconds,
            ["refresh_token"] = refresh,
            ["access_token"] = Token(subject, claims =>
            {
                claims["exp"] = time.GetUtcNow().ToUnixTimeSeconds() + seconds;
                claims["preferred_username"] = "Ada Lovelace";
                Person(claims);
            }),
        };
        if (nonce is not null)
        {
            answer["id_token"] = Token(subject, claims => (claims["aud"], claims["nonce"], claims["name"]) = (Client, nonce, "Ada Lovelace"), static header => header["typ"] = "JWT");
        }

        return answer;
    }

    private static IResult Json(JsonObject json) => Results.Text(json.ToJsonString(), "application/json");

    private sealed record Grant(string Back, string Nonce, string Challenge);
}
