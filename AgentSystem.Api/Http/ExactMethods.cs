using AgentSystem.Runtime.Pipeline;

namespace AgentSystem.Api.Http;

/// <summary>
/// Refuses a method that is not written in capitals. Methods are case-sensitive (RFC 9110, section 9.1), but routing takes <c>get</c> for GET: a proxy whose rules are about the one
/// would let the other through.
/// </summary>
internal static class ExactMethods
{
    private static RunFailure Wrong { get; } = RunFailure.Invalid("invalid_method", "The method must be written in capitals, such as GET or POST.");

    /// <summary>Stands before routing.</summary>
    public static void UseExactMethods(this IApplicationBuilder app) => app.Use(static async (context, next) =>
    {
        if (context.Request.Method.AsSpan().ContainsAnyInRange('a', 'z'))
        {
            context.Response.Headers.Connection = "close";
            await ErrorAnswers.WriteAsync(context, Wrong, context.RequestAborted);
            return;
        }

        await next(context);
    });
}
