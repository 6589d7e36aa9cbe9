using System.Text;
using AgentSystem.Api.Http;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Security.Audit;
using AgentSystem.Runtime.Security.Screening;
using AgentSystem.Runtime.Threats.Intelligence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Security;

/// <summary><c>POST /api/v1/security/screen</c>.</summary>
internal static class ScreenItems
{
    private const int MaxId = 200, MaxContext = 2_000;

    public static async Task<Results<Ok<ScreenedTexts>, FailureResult>> Handle(
        ScreenTexts body, HttpContext http, TextScreening screening, IntelligenceBoard intelligence, IAuditLog audit, CancellationToken cancellation)
    {
        if (Refuse(body) is { } refused)
        {
            return new FailureResult(refused);
        }

        var screened = new List<ScreenedText>(body.Items.Count);
        foreach (var item in body.Items)
        {
            cancellation.ThrowIfCancellationRequested();
            // Whoever asks about a text has not sent it: what the caller does says nothing of it, imported lists do.
            screened.Add(screening.Screen(item, new ThreatSignals(0, 0, intelligence.OfText(http.Caller().Tenant, item.Text)?.Confidence ?? 0)));
        }

        await AuditAsync(screened, http, audit);
        return TypedResults.Ok(new ScreenedTexts(screened));
    }

    /// <summary>One entry for the request: how many texts got which verdict, and for what. A text that is blocked is written before the answer leaves.</summary>
    private static async Task AuditAsync(List<ScreenedText> screened, HttpContext http, IAuditLog audit)
    {
        var worst = screened.Max(static text => text.Verdict);
        var details = screened.GroupBy(static text => text.Verdict).ToDictionary(static group => group.Key.ToString().ToLowerInvariant(), static group => group.Count().ToString());
        details["violations"] = string.Join(' ', screened.SelectMany(static text => text.Violations).Select(static violation => violation.Type).Distinct(StringComparer.Ordinal));
        var decision = worst switch { ScreenVerdict.Blocked => AuditDecision.Denied, ScreenVerdict.AllowedWithMonitoring => AuditDecision.AllowedWithMonitoring, _ => AuditDecision.Allowed };
        var caller = http.Caller();
        var audited = new AuditEvent(caller.Tenant, AuditActor.Of(caller), "input.screen", "", decision, http.TraceIdentifier, details);
        if (decision == AuditDecision.Denied)
        {
            await audit.WriteAsync(audited, CancellationToken.None);
            return;
        }

        audit.Note(audited);
    }

    private static RunFailure? Refuse(ScreenTexts body)
    {
        if (body.Items.Count is 0 or > TextScreening.MaxItems)
        {
            return RunFailure.Invalid("invalid_value", $"\"items\" must hold 1 to {TextScreening.MaxItems} texts; there are {body.Items.Count}.", "items");
        }

        var bytes = 0L;
        for (var i = 0; i < body.Items.Count; i++)
        {
            switch (body.Items[i])
            {
                case null:
                    return RunFailure.Invalid("invalid_value", $"\"items[{i}]\" must be an object with \"id\", \"text\" and \"source\".", $"items[{i}]");
                case { Id.Length: 0 or > MaxId }:
                    return RunFailure.Invalid("invalid_value", $"\"items[{i}].id\" must have 1 to {MaxId} characters.", $"items[{i}].id");
                case { Context.Length: > MaxContext }:
                    return RunFailure.Invalid("invalid_value", $"\"items[{i}].context\" must have at most {MaxContext} characters.", $"items[{i}].context");
                case var item:
                    bytes += Encoding.UTF8.GetByteCount(item.Text);
                    break;
            }
        }

        return bytes > TextScreening.MaxBytes
            ? new RunFailure(413, "invalid_request_error", "texts_too_large", $"The texts have {bytes} bytes in UTF-8; at most {TextScreening.MaxBytes} are looked at in one request. Send them in several.", "items")
            : null;
    }
}
