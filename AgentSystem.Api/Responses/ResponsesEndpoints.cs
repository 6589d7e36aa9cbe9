using System.Text.Json.Nodes;
using AgentSystem.Contracts.Security;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentSystem.Api.Responses;

/// <summary>Routes of the Responses endpoint, and what they need.</summary>
internal static class ResponsesEndpoints
{
    /// <summary>Maps <c>/v1/responses</c>.</summary>
    public static void MapResponses(this IEndpointRouteBuilder routes)
    {
        var responses = routes.MapGroup("/v1/responses").WithTags("OpenAI").RequireAuthorization(Scopes.Chat);
        responses.MapPost("/", CreateResponse.Handle).WithName("CreateResponse").WithSummary("Answer items, and keep what was said")
            .WithDescription("Whole, as a stream of server-sent events whose `sequence_number` counts from 0, or with `background` without waiting. `previous_response_id` goes on from a response, `conversation` is a thread's id; only one of them. `\"store\": false` keeps nothing.")
            .Accepts<ResponseBody>("application/json").Produces(StatusCodes.Status200OK, contentType: "application/json");
        responses.MapGet("/{id}", ReadResponse.Handle).WithName("GetResponse").WithSummary("A response as it is now, or its events")
            .WithDescription("`?stream=true` gives the events, `&starting_after=N` those after number N, while the response is made and for a day after.").Produces(StatusCodes.Status200OK, contentType: "application/json");
        responses.MapDelete("/{id}", DeleteResponse.Handle).WithName("DeleteResponse").WithSummary("Remove a response and its events for good");
        responses.MapPost("/{id}/cancel", CancelResponse.Handle).WithName("CancelResponse").WithSummary("Stop a background response").Produces(StatusCodes.Status200OK, contentType: "application/json");
        responses.MapGet("/{id}/input_items", ListInputItems.Handle).WithName("ListResponseInputItems").WithSummary("What a response was asked")
            .WithDescription("`?order=asc` begins with the oldest; `?limit=` (20, at most 100) and `?after=` page.").Produces(StatusCodes.Status200OK, contentType: "application/json");
    }

    /// <summary>Maps <c>/api/v1/responses</c>: OpenAI's surface has no list of them.</summary>
    public static void MapResponseList(this IEndpointRouteBuilder api) =>
        api.MapGet("/responses", ListResponses.Handle).WithTags("Responses").WithName("ListResponses").WithSummary("Kept responses, the newest first")
            .WithDescription("Those this key made; an administrator's key lists the whole tenant's. `?status=` narrows the list; `?limit=` and `?cursor=` page. Each is read, cancelled and deleted at `/v1/responses/{id}`.").RequireAuthorization(Scopes.Chat);

    /// <summary>Adds what the routes need besides the store.</summary>
    public static void AddResponseEndpoints(this IServiceCollection services)
    {
        services.TryAddSingleton<ResponseHistory>();
        services.TryAddSingleton<ReadAlong>();
        services.TryAddSingleton<CreateResponse>();
    }
}

/// <summary>The body as OpenAPI shows it; the parser reads it leniently, so unknown members are ignored.</summary>
internal sealed record ResponseBody(
    string Model, JsonNode Input, string? Instructions, bool? Stream, bool? Background, bool? Store, string? PreviousResponseId, string? Conversation, int? MaxOutputTokens, double? Temperature, string? User, IReadOnlyDictionary<string, string>? Metadata);
