using AgentSystem.Contracts.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AgentSystem.Tests.Web.Harness;

/// <summary>An open incident about a key, one about an address, what is contained, flagged inputs and a list.</summary>
internal sealed class ScriptedSecurity(TimeProvider time)
{
    private readonly List<IncidentView> _incidents =
    [
        new("inc_2", IncidentKinds.RepeatedBlocks, "key:key_chat", ScreenSeverity.High, IncidentStatus.Open, "Inputs were refused 3 times within minutes.", 4, time.GetUtcNow().AddMinutes(-20), time.GetUtcNow().AddMinutes(-2), []),
        new("inc_1", IncidentKinds.CredentialGuessing, "address:192.0.2.7", ScreenSeverity.High, IncidentStatus.Resolved, "About 14 different wrong credentials came from one address.", 1, time.GetUtcNow().AddDays(-2), time.GetUtcNow().AddDays(-2), [], time.GetUtcNow().AddDays(-1), "first admin key"),
    ];

    private readonly List<ContainmentView> _contained =
        [new("ctm_1", ContainmentKind.Throttle, "key:key_chat", "The policy contains it by itself.", 1, "system", time.GetUtcNow().AddMinutes(-2), time.GetUtcNow().AddMinutes(13), "inc_2", 6)];

    private readonly List<IndicatorView> _indicators =
    [
        new("ind_1", IndicatorKind.Address, "198.51.100.0/24", .95, "feed", time.GetUtcNow(), time.GetUtcNow().AddDays(30)),
        new("ind_2", IndicatorKind.Phrase, "purple elephant protocol", .6, "own", time.GetUtcNow()),
    ];

    private FlaggedInput Flagged => new(
        "flg_1", time.GetUtcNow().AddMinutes(-2), "req_flagged", "assistant", "key_chat", "key:key_chat", ScreenSource.User, ScreenVerdict.Blocked, ScreenSeverity.Critical, .97, ["override_instructions", "behaviour"], "base64");

    /// <summary>The bodies of what was asked.</summary>
    public List<object> Written { get; } = [];

    /// <summary>Nothing has happened.</summary>
    public bool Quiet { get; set; }

    public void Clear()
    {
        Quiet = true;
        _incidents.Clear();
        _contained.Clear();
        _indicators.Clear();
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        var security = routes.MapGroup("/api/v1/security");
        security.MapGet("/verdicts", () => ScriptedPages.Json(Quiet ? new VerdictsView(60, 0, 0, 0, []) : new VerdictsView(60, 1_234, 5, 3, [Flagged])));
        security.MapPost("/screen", (ScreenTexts asked) => Keep(asked, () => ScriptedPages.Json(new ScreenedTexts([Screen(asked.Items[0])]))));
        security.MapGet("/incidents", (HttpRequest request) => ScriptedPages.Of(request, _incidents.Where(each => ScriptedPages.Has(each.Status.ToString(), request.Query["status"])).ToArray()));
        security.MapGet("/incidents/{id}/evidence", (string id) => ScriptedPages.Json(new IncidentEvidence(
            _incidents.Single(each => each.Id == id), [new IncidentReportView(time.GetUtcNow(), "Inputs were refused 3 times within minutes.", "req_flagged", new Dictionary<string, double> { ["blocked"] = 2.9 })], [Flagged], _contained,
            [new AuditReference("1f2e-7", new string('a', 64), time.GetUtcNow(), "containment.place", "allowed")], time.GetUtcNow())));
        security.MapPost("/incidents/{id}/contain", (string id, ContainIncident how) => Keep(how, () => Change(id, static one => one with { Status = IncidentStatus.Contained })));
        security.MapPost("/incidents/{id}/resolve", (string id, ResolveIncident how) => Keep(how, () => Change(id, static one => one with { Status = IncidentStatus.Resolved })));
        security.MapGet("/containments", (HttpRequest request) => ScriptedPages.Of(request, _contained.ToArray()));
        security.MapPost("/kill-switch", (PullKillSwitch kill) => Keep(kill, () => kill.Scope == "agent:nobody"
            ? ScriptedApi.Problem(400, "invalid_value", "There is no agent \"nobody\".")
            : Place(new ContainmentView("ctm_2", ContainmentKind.Kill, kill.Scope, kill.Reason, 2, "first admin key", time.GetUtcNow()))));
        security.MapDelete("/containments/{id}", (string id) =>
        {
            var lifted = _contained.Single(each => each.Id == id);
            _contained.Remove(lifted);
            return ScriptedPages.Json(lifted with { LiftedAt = time.GetUtcNow() });
        });
        security.MapGet("/intelligence", (HttpRequest request) => ScriptedPages.Of(request, _indicators.ToArray()));
        security.MapPost("/intelligence", (ImportIntelligence import) => Keep(import, () =>
        {
            _indicators.Add(new IndicatorView("ind_3", IndicatorKind.Phrase, "imported words", import.Confidence ?? .7, import.Source, time.GetUtcNow()));
            return ScriptedPages.Json(new IntelligenceImported(1, [new SkippedIndicator("2", "It is no hash.")], 1));
        }));
        security.MapDelete("/intelligence/{id}", (string id) =>
        {
            _indicators.RemoveAll(each => each.Id == id);
            return Results.NoContent();
        });
        security.MapDelete("/intelligence", (string source) => ScriptedPages.Json(new IntelligenceRemoved(_indicators.RemoveAll(each => each.Source == source))));
    }

    private static ScreenedText Screen(ScreenText text) => text.Text.Contains("attack", StringComparison.Ordinal)
        ? new ScreenedText(text.Id, ScreenVerdict.Blocked, "high", .97, new InjectionVerdict(true, ScreenSeverity.Critical, .97), [new ScreenViolation("prompt_injection", ScreenSeverity.Critical, "override_instructions (read as base64)", "Refuse it.")],
            [new ScreenStep("prompt_injection_check", "flagged")], null, [])
        : new ScreenedText(text.Id, ScreenVerdict.Allowed, "none", 0, new InjectionVerdict(false, ScreenSeverity.None, 0), [], [new ScreenStep("prompt_injection_check", "passed")], "Write to a***@example.com",
            [new ScreenFinding("EMAIL_ADDRESS", 9, 25, "a***@example.com")]);

    private IResult Keep(object body, Func<IResult> answer)
    {
        Written.Add(body);
        return answer();
    }

    private IResult Place(ContainmentView containment)
    {
        _contained.Add(containment);
        return ScriptedPages.Json(containment, 201);
    }

    private IResult Change(string id, Func<IncidentView, IncidentView> change)
    {
        var at = _incidents.FindIndex(each => each.Id == id);
        return ScriptedPages.Json(_incidents[at] = change(_incidents[at]));
    }
}
