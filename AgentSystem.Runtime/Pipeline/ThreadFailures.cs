namespace AgentSystem.Runtime.Pipeline;

/// <summary>What can be wrong with a thread, the same words wherever it is met.</summary>
public static class ThreadFailures
{
    /// <summary>Code of <see cref="NotFound"/>.</summary>
    public const string NotFoundCode = "thread_not_found";

    /// <summary>Also the answer to another tenant's thread and to another user's: their existence is nobody's business.</summary>
    public static RunFailure NotFound(string id) => RunFailure.NotFound(NotFoundCode, $"There is no thread \"{id}\".", "id");

    /// <summary>A thread that was begun with one agent is held with another.</summary>
    public static RunFailure AgentMismatch(string id, string held, string called) => new(
        409, "invalid_request_error", "thread_agent_mismatch", $"Thread \"{id}\" was begun with agent \"{held}\" and cannot be continued with \"{called}\"; call \"{held}\", or send \"new\" to begin another thread.", "metadata.thread_id");

    /// <summary>A thread has all the messages it may have.</summary>
    public static RunFailure Full(string id, int most) => new(
        409, "invalid_request_error", "thread_full", $"Thread \"{id}\" has reached {most} messages (Threads:MaxMessages); begin another with \"new\", and export or delete this one.", "metadata.thread_id");
}
