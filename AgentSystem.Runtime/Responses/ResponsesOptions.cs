using System.ComponentModel.DataAnnotations;

namespace AgentSystem.Runtime.Responses;

/// <summary>Responses that are kept. Section <c>Responses</c>.</summary>
public sealed class ResponsesOptions
{
    /// <summary>How long a response is kept, unless it is deleted before.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long the events of a streamed or background response can be read again, from any number on.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan EventRetention { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Most responses of one chain of <c>previous_response_id</c> that go to the model; a longer chain is refused.</summary>
    [Range(1, 10_000)]
    public int MaxChain { get; set; } = 500;

    /// <summary>How often responses whose time is over are deleted.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan CleaningInterval { get; set; } = TimeSpan.FromHours(1);
}
