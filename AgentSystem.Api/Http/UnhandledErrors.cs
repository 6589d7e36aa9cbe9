using System.Data.Common;
using System.Text.Json;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Security.Sealing;
using Microsoft.AspNetCore.Diagnostics;

namespace AgentSystem.Api.Http;

/// <summary>The last net: whatever a handler did not turn into a value becomes a clear answer here, never a stack trace.</summary>
internal static class UnhandledErrors
{
    /// <summary>Answers bad bodies with 400 or 413 and names the member; anything unexpected with 500 and the request id. Empty error statuses get a body.</summary>
    public static void UseErrorAnswers(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            SuppressDiagnosticsCallback = static context => context.Exception is BadHttpRequestException,
            ExceptionHandler = async context =>
            {
                var exception = context.Features.Get<IExceptionHandlerFeature>()?.Error;
                await ErrorAnswers.WriteAsync(context, Read(exception, context), context.RequestAborted);
            },
        });
        app.UseStatusCodePages(async page => await ErrorAnswers.WriteAsync(page.HttpContext, ForStatus(page.HttpContext), page.HttpContext.RequestAborted));
    }

    private static RunFailure Read(Exception? exception, HttpContext context) => exception switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => BodyLimits.TooLarge,
        BadHttpRequestException { InnerException: JsonException json } => WrongJson.Read(json),
        BadHttpRequestException bad => new RunFailure(bad.StatusCode, "invalid_request_error", "bad_request", "The request could not be read: " + Plain(bad.Message)),
        SealException unreadable => new RunFailure(503, "server_error", "sealed_value_unreadable", unreadable.Message),
        DbException store => RunFailure.OfStore(store),
        _ => new RunFailure(500, "server_error", "internal_error", $"Something went wrong on our side; quote request {context.TraceIdentifier} to the operator."),
    };

    private static RunFailure ForStatus(HttpContext context) => context.Response.StatusCode switch
    {
        404 => RunFailure.NotFound("not_found", $"There is nothing at {context.Request.Path}; /docs lists every path."),
        405 => new RunFailure(405, "invalid_request_error", "method_not_allowed", $"{context.Request.Method} is not allowed here; /docs lists the methods."),
        415 => new RunFailure(415, "invalid_request_error", "unsupported_media_type", "The Content-Type is none this path reads; send the body as application/json in UTF-8, a file as multipart/form-data. /docs says what each path takes.", "Content-Type"),
        var status => new RunFailure(status, "invalid_request_error", "request_failed", $"The request failed with status {status}."),
    };

    /// <summary>Framework messages quote type names; only the first sentence is for people.</summary>
    private static string Plain(string message) => message.Split('"')[0].Trim();
}
