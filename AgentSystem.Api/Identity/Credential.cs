namespace AgentSystem.Api.Identity;

/// <summary>
/// The one credential of a request, however it is spelled: <c>Authorization: Bearer</c>, <c>x-api-key</c> or <c>api-key</c>, the last two as clients of other
/// providers send them. Never in the address, which ends up in logs. Every spelling comes through here, so that no way in can skip what another one checks.
/// </summary>
internal static class Credential
{
    /// <summary>Told where none was sent.</summary>
    public const string None = "Send a key: Authorization: Bearer as-...";

    /// <summary>Told of whatever is no credential of ours, in the same words for all.</summary>
    public const string NotValid = "The key is not valid.";

    /// <summary>Told where two different ones were sent: which of them counts must not depend on who reads the request.</summary>
    public const string Two = "The request carries two different credentials; send one.";

    private const string Bearer = "Bearer ";
    private static readonly string[] Headers = ["x-api-key", "api-key"];

    /// <summary>The credential, or why there is none.</summary>
    public static (string? Secret, string? Reason) Of(HttpRequest request)
    {
        string? found = null;
        var wrong = false;
        foreach (var value in Sent(request))
        {
            if (value is null)
            {
                wrong = true;
            }
            else if (found is not null && found != value)
            {
                return (null, Two);
            }
            else
            {
                found = value;
            }
        }

        return wrong ? (null, found is null ? NotValid : Two) : (found, found is null ? None : null);
    }

    /// <summary>Each value that was sent; null for one that cannot be a credential.</summary>
    private static IEnumerable<string?> Sent(HttpRequest request)
    {
        foreach (var value in request.Headers.Authorization)
        {
            yield return value?.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) == true ? Visible(value[Bearer.Length..]) : null;
        }

        foreach (var header in Headers)
        {
            foreach (var value in request.Headers[header])
            {
                yield return Visible(value ?? "");
            }
        }
    }

    private static string? Visible(string value)
    {
        var secret = value.Trim(' ');
        return secret.Length > 0 && secret.All(static letter => letter is > ' ' and <= '~') ? secret : null;
    }
}
