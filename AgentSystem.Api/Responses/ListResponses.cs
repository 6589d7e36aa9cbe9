using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSystem.Api.Http;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Responses;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Responses;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Responses;

/// <summary><c>GET /api/v1/responses</c>: those this key may see, the newest first, narrowed by <c>?status=</c>.</summary>
internal static class ListResponses
{
    private const char Between = '|';
    private const int ShownInput = 200;

    private static readonly Dictionary<string, ResponseStatus> Statuses = Enum.GetValues<ResponseStatus>().ToDictionary(Word, StringComparer.Ordinal);

    public static async Task<Results<Ok<ListPage<ResponseSummary>>, FailureResult>> Handle(
        HttpContext http, IResponseStore store, CancellationToken cancellation, string? status = null, string? limit = null, string? cursor = null)
    {
        var (page, failure) = PageRequest.Read(http, static key => Position(key) is not null);
        ResponseStatus? wanted = status is not null && Statuses.TryGetValue(status, out var known) ? known : null;
        failure ??= status is not null && wanted is null ? RunFailure.Invalid("invalid_value", $"\"status\" must be one of {string.Join(", ", Statuses.Keys)}.", "status") : null;
        if (failure is not null)
        {
            return new FailureResult(failure);
        }

        var rows = await store.ListAsync(
            ResponseAccess.Of(http.Caller()), new ResponseQuery(page!.Limit + 1, page.After is { } key ? Position(key) : null) { Status = wanted }, cancellation);
        var shown = page.Page(rows, static one => one.CreatedAt.UtcTicks.ToString(CultureInfo.InvariantCulture) + Between + one.Id);
        return TypedResults.Ok(new ListPage<ResponseSummary>([.. shown.Data.Select(Summary)], shown.NextCursor));
    }

    private static ResponseSummary Summary(StoredResponse response) => new(
        response.Id,
        Word(response.Status),
        response.Background,
        JsonNode.Parse(response.Request)!["model"]?.GetValue<string>() ?? "",
        response.User,
        Question(response.Input),
        response.PreviousId,
        response.Background ? ItemIds.RunOf(response.Id) : null,
        response.CreatedAt,
        response.CompletedAt);

    /// <summary>The last text among the input items.</summary>
    private static string Question(string input)
    {
        foreach (var item in JsonNode.Parse(input)!.AsArray().Reverse())
        {
            var text = item?["content"] switch
            {
                JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
                JsonArray parts => string.Join(' ', parts.Select(static part => part?["text"]).OfType<JsonValue>().Where(static value => value.GetValueKind() == JsonValueKind.String).Select(static value => value.GetValue<string>())),
                _ => "",
            };
            if (text.Length > 0)
            {
                return JsonPlace.Shorten(text, ShownInput);
            }
        }

        return "";
    }

    private static string Word(ResponseStatus status) => JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString());

    private static (DateTimeOffset, string)? Position(string key)
    {
        var parts = key.Split(Between);
        return parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTimeOffset.MaxValue.Ticks && parts[1].Length > 0
            ? (new DateTimeOffset(ticks, TimeSpan.Zero), parts[1])
            : null;
    }
}
