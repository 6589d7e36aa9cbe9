namespace AgentSystem.Web.Clients;

/// <summary>Why a call did not give what it was made for.</summary>
/// <param name="Status">HTTP status; 0 when no answer came.</param>
/// <param name="Code">The API's stable code, or one of the constants here.</param>
/// <param name="Message">For a person; names the cure where there is one.</param>
public sealed record ApiFailure(int Status, string Code, string Message)
{
    public const string UnreachableCode = "api_unreachable";
    public const string TimedOutCode = "api_timed_out";
    public const string UnreadableCode = "api_unreadable";
    public const string BrokenOffCode = "stream_broken_off";

    /// <summary>The member of the request it is about, as the API names it; null when it is about none.</summary>
    public string? Member { get; init; }

    /// <summary>True when the key itself is the problem: signing in again is the only cure.</summary>
    public bool IsKeyRefused => Status == StatusCodes.Status401Unauthorized;

    public static ApiFailure Unreachable(Uri? address) => new(0, UnreachableCode,
        $"The API at {address} does not answer. Start it, or set Api:Url to where it listens.");

    public static ApiFailure TimedOut(TimeSpan limit) => new(0, TimedOutCode,
        $"The API did not answer within {limit.TotalSeconds:0} s.");

    public static ApiFailure Unreadable(int status) => new(status, UnreadableCode,
        "The answer is not what this console expects. Check that Api:Url names an AgentSystem API of the same version.");
}
