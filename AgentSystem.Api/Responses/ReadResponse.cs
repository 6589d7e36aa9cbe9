using System.Globalization;
using AgentSystem.Api.Http;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Responses;

namespace AgentSystem.Api.Responses;

/// <summary><c>GET /v1/responses/{id}</c>: as it is now, or with <c>?stream=true&amp;starting_after=N</c> its events after number N.</summary>
internal static class ReadResponse
{
    public static async Task Handle(string id, HttpContext http, IResponseStore store, ReadAlong readAlong)
    {
        var (stream, after, refused) = Read(http.Request.Query);
        var scope = ResponseAccess.Of(http.Caller());
        var response = refused is null ? await store.FindAsync(scope, id, http.RequestAborted) : null;
        refused ??= response is null ? ResponseAccess.NotFound(id)
            : stream && response.Recording is null ? RunFailure.Invalid("response_not_streamed", "This response was made without events: they are recorded with \"stream\" or \"background\". Leave \"stream\" out to read it whole.", "stream")
            : null;
        if (refused is not null)
        {
            await ErrorAnswers.WriteAsync(http, refused, http.RequestAborted);
            return;
        }

        await (stream ? readAlong.WriteAsync(http, scope, response!, after + 1) : CreateResponse.WriteAsync(http, response!));
    }

    private static (bool Stream, int After, RunFailure? Refused) Read(IQueryCollection query)
    {
        var (stream, after) = (query["stream"].ToString(), query["starting_after"].ToString());
        if (stream is not ("" or "true" or "false"))
        {
            return (false, -1, RunFailure.Invalid("invalid_value", "\"stream\" must be true or false.", "stream"));
        }

        var number = -1;
        return after.Length > 0 && (!int.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out number) || stream != "true")
            ? (false, -1, RunFailure.Invalid("invalid_value", "\"starting_after\" must be the sequence_number of an event, and goes with stream=true.", "starting_after"))
            : (stream == "true", number, null);
    }
}
