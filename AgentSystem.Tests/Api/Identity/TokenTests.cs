using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Security;
using AgentSystem.Contracts.Usage;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Api.Identity;

/// <summary>Tokens of the identity provider at the real API: who they let in, as what, and which are refused (RFC 8725).</summary>
public sealed class TokenTests(SignOnApi api) : IClassFixture<SignOnApi>
{
    private const string Me = "/api/v1/me";

    [Theory]
    [InlineData("RS256")]
    [InlineData("RS512")]
    [InlineData("PS256")]
    public async Task Token_SignedByTheProvider_LetsItsSubjectIn(string algorithm)
    {
        var me = await WhoAsync(api.Issuer.Token("ada", Member("operator"), algorithm: algorithm));

        Assert.Equal(("subject:ada", Tenants.Default), (me.Id, me.Tenant));
        Assert.Equal(Roles.ScopesOf(Roles.Operator, Tenants.Default), me.Scopes);
    }

    [Fact]
    public async Task Token_WithoutSettingsOfItsRole_MayDoWhatItsRoleSays()
    {
        using var viewer = api.ClientOf(Roles.Viewer);
        using var seen = await viewer.GetAsync("/api/v1/agents");
        using var made = await viewer.PostAsync("/v1/chat/completions", CompleteChatTests.Body("hello"));
        using var admin = api.ClientOf(Roles.Admin);
        using var keys = await admin.GetAsync("/api/v1/keys");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.OK), (seen.StatusCode, made.StatusCode, keys.StatusCode));
    }

    [Fact]
    public async Task Call_WithAToken_IsInTheUsageUnderItsSubject()
    {
        using var client = api.ClientOf(Roles.Operator, subject: "grace");
        using var chat = await client.PostAsync("/v1/chat/completions", CompleteChatTests.Body("whose is this?"));
        var usage = await client.GetFromJsonAsync<RequestUsage>("/api/v1/usage/requests/" + chat.Headers.GetValues("x-request-id").Single(), PlatformJson.Options);

        Assert.Equal(HttpStatusCode.OK, chat.StatusCode);
        Assert.Equal("subject:grace", usage!.KeyId);
    }

    [Fact]
    public async Task TenantAdmin_MakesKeysOfTheirTenantOnly()
    {
        using var theirs = api.ClientOf(Roles.TenantAdmin, SignOnApi.Other);
        using var made = await theirs.PostAsJsonAsync("/api/v1/keys", new CreateKey("theirs", [Scopes.Chat], ExpiresInDays: 30), PlatformJson.Options);
        var key = await made.Content.ReadFromJsonAsync<CreatedKey>(PlatformJson.Options);
        using var owners = await theirs.GetAsync("/api/v1/instances");
        using var inDefault = await api.ClientOf(Roles.TenantAdmin).GetAsync("/api/v1/keys");

        Assert.Equal(SignOnApi.Other, key!.Details.Tenant);
        Assert.NotNull(key.Details.ExpiresAt);
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (owners.StatusCode, inDefault.StatusCode));
    }

    [Fact]
    public async Task Token_ThatNamesNoRoleOrTenantOrAnUnknownOne_Answers403WithTheReason()
    {
        await ExpectAsync(api.Issuer.Token("ada", static claims => (claims["roles"], claims["tenant"]) = (new JsonArray("juggler"), "default")), HttpStatusCode.Forbidden, "no_role");
        await ExpectAsync(api.Issuer.Token("ada", static claims => (claims["roles"], claims["tenant"]) = (JsonValue.Create(7), "default")), HttpStatusCode.Forbidden, "no_role");
        await ExpectAsync(api.Issuer.Token("ada"), HttpStatusCode.Forbidden, "no_tenant");
        await ExpectAsync(api.Issuer.Token("ada", Member("admin", "nowhere")), HttpStatusCode.Forbidden, "unknown_tenant");
    }

    [Fact]
    public async Task Token_OfOneTenant_SeesNothingOfAnother()
    {
        using var theirs = api.ClientOf(Roles.Admin, SignOnApi.Other);
        using var agents = JsonDocument.Parse(await theirs.GetStringAsync("/api/v1/agents"));

        Assert.Equal(0, agents.RootElement.GetProperty("data").GetArrayLength());
    }

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task Token_ThatTheProviderDidNotMeanLikeThat_Answers401(string name)
    {
        var before = api.Issuer.Strays;
        await ExpectAsync(Attack(name), HttpStatusCode.Unauthorized, "invalid_token");
        Assert.Equal(before, api.Issuer.Strays);
    }

    public static TheoryData<string> Attacks => [.. Bad.Keys];

    private static readonly Dictionary<string, Func<ScriptedIssuer, string>> Bad = new(StringComparer.Ordinal)
    {
        ["none"] = issuer => Unsigned(issuer, """{"alg":"none","typ":"at+jwt"}"""),
        ["None in another spelling"] = issuer => Unsigned(issuer, """{"alg":"nOnE","typ":"at+jwt","kid":"first"}"""),
        ["no algorithm"] = issuer => Unsigned(issuer, """{"typ":"at+jwt","kid":"first"}"""),
        ["two algorithms"] = issuer => Unsigned(issuer, """{"alg":"none","alg":"RS256","typ":"at+jwt","kid":"first"}"""),
        ["HS256 with the public key"] = issuer =>
        {
            var signed = ScriptedIssuer.Part("""{"alg":"HS256","typ":"at+jwt","kid":"first"}""") + "." + issuer.Token("ada", Member("admin")).Split('.')[1];
            return signed + "." + System.Buffers.Text.Base64Url.EncodeToString(System.Security.Cryptography.HMACSHA256.HashData(issuer.Key.PublicPem(), Encoding.ASCII.GetBytes(signed)));
        },
        ["signature cut off"] = static issuer => issuer.Token("ada", Member("admin"))[..^8],
        ["signature of another token"] = static issuer => issuer.Token("ada", Member("admin"))[..^342] + issuer.Token("eve", Member("viewer"))[^342..],
        ["claims changed"] = static issuer =>
        {
            var parts = issuer.Token("ada", Member("viewer")).Split('.');
            return $"{parts[0]}.{issuer.Token("ada", Member("admin")).Split('.')[1]}.{parts[2]}";
        },
        ["a key of one's own"] = static issuer => Own(issuer, static _ => { }),
        ["a key in the header (jwk)"] = static issuer => Own(issuer, static (header, own) => header["jwk"] = own.Jwk()),
        ["a key elsewhere (jku)"] = static issuer => Own(issuer, (header, _) => header["jku"] = issuer.Url + "/mine"),
        ["a certificate elsewhere (x5u)"] = static issuer => Own(issuer, (header, _) => header["x5u"] = issuer.Url + "/mine.pem"),
        ["a certificate in the header (x5c)"] = static issuer => Own(issuer, static (header, _) => header["x5c"] = new JsonArray("MIIB")),
        ["jku on a good token"] = static issuer => issuer.Token("ada", Member("admin"), header => header["jku"] = issuer.Url + "/mine"),
        ["something critical (crit)"] = static issuer => issuer.Token("ada", Member("admin"), static header => (header["crit"], header["exp"]) = (new JsonArray("exp"), 1)),
        ["a key id that walks"] = static issuer => Own(issuer, static (header, _) => header["kid"] = "../../../../dev/null"),
        ["a key id that asks a database"] = static issuer => Own(issuer, static (header, _) => header["kid"] = "x' UNION SELECT 'secret'--"),
        ["a key id that is no text"] = static issuer => issuer.Token("ada", Member("admin"), static header => header["kid"] = 1),
        ["an empty key id"] = static issuer => issuer.Token("ada", Member("admin"), static header => header["kid"] = ""),
        ["another issuer"] = static issuer => issuer.Token("ada", static claims => claims["iss"] = "https://elsewhere.example"),
        ["no issuer"] = static issuer => issuer.Token("ada", static claims => claims.Remove("iss")),
        ["another audience"] = static issuer => issuer.Token("ada", static claims => claims["aud"] = "another-api"),
        ["no audience"] = static issuer => issuer.Token("ada", static claims => claims.Remove("aud")),
        ["an identity token"] = static issuer => issuer.Token("ada", Member("admin"), static header => header["typ"] = "JWT"),
        ["no type"] = static issuer => issuer.Token("ada", Member("admin"), static header => header.Remove("typ")),
        ["expired"] = static issuer => issuer.Token("ada", static claims => claims["exp"] = (long)claims["iat"]! - 61),
        ["no end"] = static issuer => issuer.Token("ada", static claims => claims.Remove("exp")),
        ["an end that is a text"] = static issuer => issuer.Token("ada", static claims => claims["exp"] = "tomorrow"),
        ["an end beyond all times"] = static issuer => issuer.Token("ada", static claims => claims["exp"] = 1e300),
        ["not yet"] = static issuer => issuer.Token("ada", static claims => claims["nbf"] = (long)claims["iat"]! + 120),
        ["issued tomorrow"] = static issuer => issuer.Token("ada", static claims => claims["iat"] = (long)claims["iat"]! + 86_400),
        ["no subject"] = static issuer => issuer.Token("ada", static claims => claims.Remove("sub")),
        ["a subject with a line end"] = static issuer => issuer.Token("ada\nadmin", Member("admin")),
        ["an endless subject"] = static issuer => issuer.Token(new string('a', 256), Member("admin")),
        ["over 16 kB"] = static issuer => issuer.Token("ada", static claims => claims["ballast"] = new string('x', 16_000)),
        ["a list for a header"] = static issuer => ScriptedIssuer.Raw("""{"a":[]}""", "[]", [1]),
        ["no base64"] = static _ => "eyJ!!!.eyJ???.###",
        ["nothing but dots"] = static _ => "eyJ..",
    };

    private static string Unsigned(ScriptedIssuer issuer, string header)
    {
        var payload = issuer.Token("ada", Member("admin")).Split('.')[1];
        return $"{ScriptedIssuer.Part(header)}.{payload}.";
    }

    private static string Own(ScriptedIssuer issuer, Action<JsonObject, IssuerKey> header)
    {
        using var own = IssuerKey.Rsa(issuer.Key.Id);
        return issuer.Token("ada", Member("admin"), top => header(top, own), own);
    }

    private static string Own(ScriptedIssuer issuer, Action<JsonObject> header) => Own(issuer, (top, _) => header(top));

    private string Attack(string name) => Bad[name](api.Issuer);

    private static Action<JsonObject> Member(string role, string tenant = "default") => claims => (claims["roles"], claims["tenant"]) = (new JsonArray(role), tenant);

    private async Task<IdentityView> WhoAsync(string token) => (await api.Client(token).GetFromJsonAsync<IdentityView>(Me, PlatformJson.Options))!;

    private async Task ExpectAsync(string token, HttpStatusCode status, string code)
    {
        using var answer = await api.Client(token).GetAsync(Me);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, body);
        Assert.Equal(code, JsonDocument.Parse(body).RootElement.GetProperty("code").GetString());
    }
}
