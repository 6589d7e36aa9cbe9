using AgentSystem.Runtime.Recordings;

namespace AgentSystem.Runtime.Responses;

/// <summary>Where responses are kept. What is outside a <see cref="ResponseScope"/> does not exist for it. Their documents are the edge's: the store passes JSON on as it is.</summary>
public interface IResponseStore
{
    /// <summary>Keeps a new response; with <see cref="StoredResponse.Recording"/> its recording is begun in <paramref name="owner"/>'s name, both or neither.</summary>
    Task AddAsync(StoredResponse response, string owner, CancellationToken cancellation);

    /// <summary>The response, or null. One that is not ended although its producer is gone has failed with <see cref="LostResponse.Code"/> from then on.</summary>
    Task<StoredResponse?> FindAsync(ResponseScope scope, string id, CancellationToken cancellation);

    /// <summary>The response and those before it, oldest first; null when there is no such response.</summary>
    /// <param name="scope">Whose.</param>
    /// <param name="id">The newest one.</param>
    /// <param name="most">Most responses; the chain goes on before them.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<IReadOnlyList<StoredResponse>?> ChainAsync(ResponseScope scope, string id, int most, CancellationToken cancellation);

    /// <summary>Responses in the order they were made, the newest first, without their outputs; inputs that are longer than <see cref="ResponseQuery.LongestInput"/> bytes are left out too.</summary>
    Task<IReadOnlyList<StoredResponse>> ListAsync(ResponseScope scope, ResponseQuery query, CancellationToken cancellation);

    /// <summary>Ends a response; false, and nothing changes, when it has ended already: cancelled, or given up for lost.</summary>
    Task<bool> EndAsync(string tenant, string id, ResponseEnd end, CancellationToken cancellation);

    /// <summary>Cancels a background response with its run and ends its recording, whichever process works on it. The response as it is then; null when there is none.</summary>
    Task<StoredResponse?> CancelAsync(ResponseScope scope, string id, CancellationToken cancellation);

    /// <summary>Removes the response for good, with its events and the run that made it; false when there is none.</summary>
    Task<bool> DeleteAsync(ResponseScope scope, string id, CancellationToken cancellation);

    /// <summary>Deletes up to <paramref name="most"/> responses whose time is over; how many it were.</summary>
    Task<int> DeleteExpiredAsync(int most, CancellationToken cancellation);
}

/// <summary>Whose responses.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="KeyId">Those this key made; null: everybody's of the tenant.</param>
/// <param name="User">And those of this user, as runs name it; null: of nobody else.</param>
public sealed record ResponseScope(string Tenant, string? KeyId, string? User);

/// <summary>Which responses.</summary>
/// <param name="Limit">Most of them.</param>
/// <param name="After">The last one that was shown: when it was made, and its id.</param>
public sealed record ResponseQuery(int Limit, (DateTimeOffset CreatedAt, string Id)? After)
{
    /// <summary>Longer inputs are not listed, in bytes of JSON.</summary>
    public const int LongestInput = 65_536;

    /// <summary>Those of which this has become; null: any.</summary>
    public ResponseStatus? Status { get; init; }
}

/// <summary>What has become of a response.</summary>
public enum ResponseStatus
{
    /// <summary>In the background, not begun.</summary>
    Queued,

    /// <summary>It is being made.</summary>
    InProgress,

    /// <summary>It is whole.</summary>
    Completed,

    /// <summary>It is cut off: at the token limit, or by a filter.</summary>
    Incomplete,

    /// <summary>There is no answer, or not all of it.</summary>
    Failed,

    /// <summary>Somebody stopped it, or its client left.</summary>
    Cancelled,
}

/// <summary>A response.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Id"><c>resp_...</c></param>
/// <param name="KeyId">The key that made it.</param>
/// <param name="User">On whose behalf, as runs name it.</param>
/// <param name="PreviousId">The response it goes on from.</param>
/// <param name="Recording">Where its events are recorded; null when nobody can read along.</param>
/// <param name="Background">True when it is made whether somebody waits or not.</param>
/// <param name="Status">What has become of it.</param>
/// <param name="Request">JSON object: what the request asked for, as the response repeats it.</param>
/// <param name="Input">JSON array: its own input items; what came before is found along <paramref name="PreviousId"/>.</param>
/// <param name="Output">JSON array: its output items.</param>
/// <param name="Result">JSON object: error, usage and what else is known at the end.</param>
/// <param name="CreatedAt">When it was asked for.</param>
/// <param name="CompletedAt">When it ended; null before.</param>
public sealed record StoredResponse(
    string Tenant,
    string Id,
    string KeyId,
    string User,
    string? PreviousId,
    string? Recording,
    bool Background,
    ResponseStatus Status,
    string Request,
    string Input,
    string Output,
    string Result,
    DateTimeOffset CreatedAt,
    DateTimeOffset? CompletedAt)
{
    /// <summary>True when nothing will change any more.</summary>
    public bool IsEnded => Status is not (ResponseStatus.Queued or ResponseStatus.InProgress);

    /// <summary>Its recording's name, if it has one.</summary>
    public RecordingKey? RecordingKey => Recording is null ? null : new RecordingKey(Tenant, Recording);
}

/// <summary>How a response ended; its members are those of <see cref="StoredResponse"/>.</summary>
public sealed record ResponseEnd(ResponseStatus Status, string Output, string Result, DateTimeOffset At);

/// <summary>A response in the foreground whose process died.</summary>
public static class LostResponse
{
    /// <summary>The error's code.</summary>
    public const string Code = "server_restarted";

    /// <summary>The error's message.</summary>
    public const string Message = "The process that made this response ended before it was whole; send the request again.";

    /// <summary>The result of such a response.</summary>
    public const string Result = $$"""{"error":{"code":"{{Code}}","message":"{{Message}}"},"incomplete_details":null,"usage":null}""";
}
