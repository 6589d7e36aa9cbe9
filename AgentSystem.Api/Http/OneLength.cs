using AgentSystem.Runtime.Pipeline;

namespace AgentSystem.Api.Http;

/// <summary>
/// Refuses a request that states two lengths, Content-Length and Transfer-Encoding. The server reads the chunks, as RFC 9112 (section 6.3) has it, and renames
/// the other header; a proxy before it may have done the opposite, and then what follows on the connection is somebody else's request. So it ends here.
/// </summary>
internal static class OneLength
{
    /// <summary>What the server calls a Content-Length it did not go by.</summary>
    private const string Renamed = "X-Content-Length";

    private static RunFailure Two { get; } = RunFailure.Invalid("two_lengths", "The request has both Content-Length and Transfer-Encoding; send one of them.");

    /// <summary>Stands before everything that could read a body.</summary>
    public static void UseOneLength(this IApplicationBuilder app) => app.Use(static async (context, next) =>
    {
        if (context.Request.Headers.ContainsKey(Renamed))
        {
            context.Response.Headers.Connection = "close";
            await ErrorAnswers.WriteAsync(context, Two, context.RequestAborted);
            return;
        }

        await next(context);
    });
}
