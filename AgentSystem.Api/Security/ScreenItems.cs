using System.Text;
using AgentSystem.Api.Http;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Security.Screening;
using AgentSystem.Runtime.Threats.Intelligence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Security;

/// <summary><c>POST /api/v1/security/screen</c>.</summary>
internal static class ScreenItems
{
    private const int MaxId = 200, MaxContext = 2_000;

    public static Results<Ok<ScreenedTexts>, FailureResult> Handle(ScreenTexts body, HttpContext http, TextScreening screening, IntelligenceBoard intelligence, CancellationToken cancellation)
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

        return TypedResults.Ok(new ScreenedTexts(screened));
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
