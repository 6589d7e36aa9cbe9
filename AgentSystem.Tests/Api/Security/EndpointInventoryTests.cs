using System.Net;
using System.Text;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Security;
using AgentSystem.Tests.EndToEnd.Attacks;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Api.Security;

/// <summary>Every endpoint there is has a policy or stands on a short list, and answers nobody without a key.</summary>
public sealed class EndpointInventoryTests(FuzzedApi api) : IClassFixture<FuzzedApi>
{
    /// <summary>What everybody may ask (contract).</summary>
    private static readonly string[] Public = ["/alive", "/health", "/ready", "/openapi/{documentName}.json", "/docs"];

    /// <summary>Policies that are no single scope, with what they ask for.</summary>
    private static readonly Dictionary<string, string> Others = new(StringComparer.Ordinal)
    {
        [""] = "anybody with a key, about themselves: /api/v1/me and /api/v1/usage/requests/{id}",
        [Scopes.Feedback + "|" + Scopes.Chat] = "who got an answer may say what it was worth",
    };

    [Fact]
    public void Endpoints_WithoutAPolicy_AreThoseOfTheShortList()
    {
        var open = ApiEndpoint.Of(api).Where(static endpoint => endpoint.IsPublic || endpoint.Scopes.Count == 0);
        Assert.Empty(open.Where(static endpoint => !Public.Any(path => endpoint.Pattern == path || endpoint.Pattern.StartsWith("/docs/", StringComparison.Ordinal))).Select(static endpoint => endpoint.ToString()));
        Assert.Subset(ApiEndpoint.Of(api).Select(static endpoint => endpoint.Pattern).ToHashSet(), Public.Where(static path => path != "/docs").ToHashSet());
    }

    [Fact]
    public void Policies_EachOfThem_IsAScopeOrExplained() => Assert.Empty(
        ApiEndpoint.Of(api).SelectMany(static endpoint => endpoint.Scopes).Except(Scopes.All).Except(Others.Keys));

    [Fact]
    public async Task Endpoints_AskedWithoutAKey_Answer401AndReadNoBody()
    {
        using var nobody = api.Client(null);
        var wrong = new List<string>();
        foreach (var endpoint in ApiEndpoint.Of(api).Where(static endpoint => !endpoint.IsPublic))
        {
            // Such a body could not be read without a 400.
            using var request = new HttpRequestMessage(new HttpMethod(endpoint.Method), endpoint.Path(static _ => "x")) { Content = endpoint.Body is null ? null : new StringContent("{", Encoding.UTF8, "application/json") };
            using var answer = await nobody.SendAsync(request);
            if (answer.StatusCode != HttpStatusCode.Unauthorized)
            {
                wrong.Add($"{endpoint}: {answer.StatusCode}");
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Endpoints_AskedWithAKeyOfNoScopeTheyNeed_Answer403()
    {
        // A scope that opens one path only.
        using var narrow = await api.ClientWithAsync(new CreateKey("narrow", [Scopes.Metrics]));
        var wrong = new List<string>();
        foreach (var endpoint in ApiEndpoint.Of(api).Where(static endpoint => endpoint.Scopes.Any(static scope => scope.Length > 0 && scope != Scopes.Metrics)))
        {
            using var request = new HttpRequestMessage(new HttpMethod(endpoint.Method), endpoint.Path(static _ => "x")) { Content = endpoint.Body is null ? null : new StringContent("{", Encoding.UTF8, "application/json") };
            using var answer = await narrow.SendAsync(request);
            if (answer.StatusCode != HttpStatusCode.Forbidden)
            {
                wrong.Add($"{endpoint}: {answer.StatusCode}");
            }
        }

        Assert.Empty(wrong);
    }
}
