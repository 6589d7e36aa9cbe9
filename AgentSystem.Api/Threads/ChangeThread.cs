using AgentSystem.Api.Http;
using AgentSystem.Contracts.Threads;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Threads;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Threads;

/// <summary><c>PATCH /api/v1/threads/{id}</c>: absent members stay; metadata that are given replace all there were.</summary>
internal static class ChangeThread
{
    public static async Task<Results<Ok<ThreadView>, FailureResult>> Handle(string id, UpdateThread body, HttpContext http, IThreadStore threads, CancellationToken cancellation)
    {
        if (Refuse(body.Title, body.Metadata) is { } refused)
        {
            return new FailureResult(refused);
        }

        return await threads.UpdateAsync(ThreadAccess.Of(http.Caller()), id, body.Title?.Trim(), body.Metadata, cancellation) is { } thread
            ? TypedResults.Ok(thread)
            : new FailureResult(ThreadFailures.NotFound(id));
    }

    /// <summary>Null when title and metadata can be kept.</summary>
    public static RunFailure? Refuse(string? title, IReadOnlyDictionary<string, string>? metadata)
    {
        if (title is not null && (string.IsNullOrWhiteSpace(title) || title.Length > ThreadLimits.MaxTitle || title.Contains('\0', StringComparison.Ordinal)))
        {
            return RunFailure.Invalid("invalid_value", $"\"title\" must have 1 to {ThreadLimits.MaxTitle} characters, none of them U+0000.", "title");
        }

        return metadata is not null && ThreadLimits.Problem(metadata) is { } problem
            ? RunFailure.Invalid("invalid_value", $"\"metadata\" must be {problem}.", "metadata")
            : null;
    }
}
