using AgentSystem.Api.Http.Audit;
using AgentSystem.Contracts.Security;

namespace AgentSystem.Api.Security;

/// <summary>Routes of security.</summary>
internal static class SecurityEndpoints
{
    /// <summary>Maps <c>/api/v1/security</c>.</summary>
    public static void MapSecurity(this IEndpointRouteBuilder api)
    {
        var security = api.MapGroup("/security").WithTags("Security");
        security.MapPost("/screen", ScreenItems.Handle).WithName("ScreenTexts").WithSummary("Look for injections, harm, personal data and secrets in texts")
            .WithDescription("1 to 500 texts, together at most 1 MB. Nothing is kept, and nothing of a text is logged.")
            .ThatOnlyReads().RequireAuthorization(Scopes.SecurityRead);
        security.MapGet("/verdicts", ListVerdicts.Handle).WithName("ListVerdicts").WithSummary("What screening said of the last hour's inputs, and the newest flagged ones")
            .RequireAuthorization(Scopes.SecurityRead);
        security.MapGet("/data-keys", RotateDataKeys.List).WithName("ListDataKeys").WithSummary("The keys that seal the tenant's values at rest, the newest first").RequireAuthorization(Scopes.SecurityRead);
        security.MapPost("/data-keys/rotate", RotateDataKeys.Handle).WithName("RotateDataKeys").WithSummary("Seal with a new key, and everything that is sealed again")
            .WithDescription("The rows follow in batches; the list says how many are left. While a rotation runs, asking again gives that one.").RequireAuthorization(Scopes.Admin);
        MapIncidents(security.MapGroup("/incidents"));
        MapContainments(security);
        MapIntelligence(security.MapGroup("/intelligence"));
    }

    private static void MapIncidents(RouteGroupBuilder incidents)
    {
        incidents.MapGet("/", ListIncidents.Handle).WithName("ListIncidents").WithSummary("Incidents, the newest first").WithDescription("`?status=` narrows the list; `?limit=` and `?cursor=` page.")
            .RequireAuthorization(Scopes.SecurityRead);
        incidents.MapGet("/{id}", GetIncident.Handle).WithName("GetIncident").WithSummary("One incident").RequireAuthorization(Scopes.SecurityRead);
        incidents.MapGet("/{id}/evidence", GetEvidence.Handle).WithName("GetIncidentEvidence").WithSummary("Everything kept about an incident, without any text").RequireAuthorization(Scopes.SecurityRead);
        incidents.MapPost("/{id}/contain", HoldSubject.Handle).WithName("ContainIncident").WithSummary("Slow down or stop whom an incident is about").ThatWritesItself().RequireAuthorization(Scopes.SecurityWrite);
        incidents.MapPost("/{id}/resolve", CloseIncident.Handle).WithName("ResolveIncident").WithSummary("Be done with an incident, and lift what was placed for it").ThatWritesItself().RequireAuthorization(Scopes.SecurityWrite);
    }

    private static void MapContainments(RouteGroupBuilder security)
    {
        security.MapPost("/kill-switch", StopAgents.Handle).WithName("PullKillSwitch").WithSummary("Stop an agent, the tenant's agents or everything within five seconds, everywhere")
            .WithDescription("Executions under way are stopped, new ones are 503; queued runs wait. Lifting the containment it gives back lets everything go on.").ThatWritesItself().RequireAuthorization(Scopes.SecurityWrite);
        security.MapGet("/containments", ListContainments.Handle).WithName("ListContainments").WithSummary("What is slowed down or stopped").WithDescription("`?all=true` adds what was lifted or has ended.")
            .RequireAuthorization(Scopes.SecurityRead);
        security.MapPost("/containments", MakeContainment.Handle).WithName("PlaceContainment").WithSummary("Slow down or stop a key, a user, an address or an agent").ThatWritesItself().RequireAuthorization(Scopes.SecurityWrite);
        security.MapDelete("/containments/{id}", LiftContainment.Handle).WithName("LiftContainment").WithSummary("Let it go on").ThatWritesItself().RequireAuthorization(Scopes.SecurityWrite);
    }

    private static void MapIntelligence(RouteGroupBuilder intelligence)
    {
        intelligence.MapPost("/", TakeIntelligence.Handle).WithName("ImportIntelligence").WithSummary("Import a list or a STIX 2.1 bundle of addresses, hashes, phrases, hosts and pages").RequireAuthorization(Scopes.SecurityWrite);
        intelligence.MapGet("/", ListIntelligence.Handle).WithName("ListIntelligence").WithSummary("Imported indicators").WithDescription("`?source=` and `?kind=` narrow the list; `?limit=` and `?cursor=` page.")
            .RequireAuthorization(Scopes.SecurityRead);
        intelligence.MapDelete("/", RemoveIntelligence.HandleSource).WithName("RemoveIntelligenceSource").WithSummary("Remove everything of one `?source=`").RequireAuthorization(Scopes.SecurityWrite);
        intelligence.MapDelete("/{id}", RemoveIntelligence.Handle).WithName("RemoveIndicator").WithSummary("Remove one indicator").RequireAuthorization(Scopes.SecurityWrite);
    }
}
