using AgentSystem.Api.Http;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Responses;

namespace AgentSystem.Api.Responses;

/// <summary><c>POST /v1/responses/{id}/cancel</c>: stops a background response, wherever it is made. One that has ended stays as it is.</summary>
internal static class CancelResponse
{
    private static RunFailure NotInBackground { get; } =
        RunFailure.Invalid("response_not_in_background", "Only a response that was made with \"background\" can be cancelled; end another one by closing its connection.", "response_id");

    public static async Task Handle(string id, HttpContext http, IResponseStore store)
    {
        var found = await store.CancelAsync(ResponseAccess.Of(http.Caller()), id, http.RequestAborted);
        if (found is not { Background: true })
        {
            await ErrorAnswers.WriteAsync(http, found is null ? ResponseAccess.NotFound(id) : NotInBackground, http.RequestAborted);
            return;
        }

        await CreateResponse.WriteAsync(http, found);
    }
}
