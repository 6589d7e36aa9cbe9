using System.Text.Json.Nodes;
using AgentSystem.Api.Http;
using AgentSystem.Runtime.Responses;

namespace AgentSystem.Api.Responses;

/// <summary><c>DELETE /v1/responses/{id}</c>: the response and its events are gone for good; one that is being made is stopped.</summary>
internal static class DeleteResponse
{
    public static async Task Handle(string id, HttpContext http, IResponseStore store)
    {
        if (!await store.DeleteAsync(ResponseAccess.Of(http.Caller()), id, http.RequestAborted))
        {
            await ErrorAnswers.WriteAsync(http, ResponseAccess.NotFound(id), http.RequestAborted);
            return;
        }

        http.Response.ContentType = "application/json";
        await http.Response.Body.WriteAsync(ResponseJson.Write(new JsonObject { ["id"] = id, ["object"] = "response", ["deleted"] = true }), http.RequestAborted);
    }
}
