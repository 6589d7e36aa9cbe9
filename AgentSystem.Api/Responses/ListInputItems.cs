using System.Globalization;
using System.Text.Json.Nodes;
using AgentSystem.Api.Http;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Responses;

namespace AgentSystem.Api.Responses;

/// <summary><c>GET /v1/responses/{id}/input_items</c>: what this response was asked, the newest first, or the oldest with <c>?order=asc</c>; <c>?limit=</c> and <c>?after=</c> page.</summary>
internal static class ListInputItems
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 100;

    public static async Task Handle(string id, HttpContext http, IResponseStore store)
    {
        var (limit, order) = (http.Request.Query["limit"].ToString(), http.Request.Query["order"].ToString());
        var count = DefaultLimit;
        var refused = limit.Length > 0 && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out count) || count is < 1 or > MaxLimit)
            ? RunFailure.Invalid("invalid_value", $"\"limit\" must be a whole number from 1 to {MaxLimit}.", "limit")
            : order is not ("" or "asc" or "desc") ? RunFailure.Invalid("invalid_value", "\"order\" must be asc or desc.", "order") : null;
        var response = refused is null ? await store.FindAsync(ResponseAccess.Of(http.Caller()), id, http.RequestAborted) : null;
        refused ??= response is null ? ResponseAccess.NotFound(id) : null;
        var page = refused is null ? Page([.. JsonNode.Parse(response!.Input)!.AsArray().Select(static item => item!.AsObject())], order != "asc", http.Request.Query["after"].ToString(), count) : null;
        refused ??= page is null ? RunFailure.Invalid("invalid_cursor", "\"after\" is no item of this response; pass its \"last_id\", or leave it out to begin at the start.", "after") : null;
        if (refused is not null)
        {
            await ErrorAnswers.WriteAsync(http, refused, http.RequestAborted);
            return;
        }

        http.Response.ContentType = "application/json";
        await http.Response.Body.WriteAsync(ResponseJson.Write(page!), http.RequestAborted);
    }

    private static JsonObject? Page(List<JsonObject> items, bool newestFirst, string after, int count)
    {
        if (newestFirst)
        {
            items.Reverse();
        }

        var first = after.Length == 0 ? 0 : items.FindIndex(item => IdOf(item) == after) + 1;
        if (after.Length > 0 && first == 0)
        {
            return null;
        }

        var shown = items.Skip(first).Take(count).ToList();
        return new JsonObject
        {
            ["object"] = "list",
            ["data"] = new JsonArray([.. shown.Select(static item => item.DeepClone())]),
            ["first_id"] = shown.Count == 0 ? null : IdOf(shown[0]),
            ["last_id"] = shown.Count == 0 ? null : IdOf(shown[^1]),
            ["has_more"] = first + shown.Count < items.Count,
        };
    }

    private static string IdOf(JsonObject item) => item["id"]!.GetValue<string>();
}
