using AgentSystem.Contracts.Webhooks;

namespace AgentSystem.Web.Components.Pages.Webhooks;

/// <summary>Webhooks in a person's words.</summary>
internal static class WebhookWords
{
    public static string Page(string id) => $"/webhooks/{Uri.EscapeDataString(id)}";

    /// <summary>What an event says.</summary>
    public static string? MeaningOf(string name) => name switch
    {
        WebhookEvents.Finished => "a run ended, whichever way",
        WebhookEvents.Waiting => "a run waits for a person",
        _ => null,
    };

    /// <summary>The tone of a delivery's badge.</summary>
    public static string Tone(string state) => state switch
    {
        "delivered" => "good",
        "dead" => "bad",
        "pending" => "accent",
        _ => "",
    };

    /// <summary>What came of it last.</summary>
    public static string Answer(WebhookDelivery delivery) => delivery switch
    {
        { LastError: { } error } => error,
        { LastStatus: { } status } => $"answered {status}",
        { Attempts: 0 } => "not tried yet",
        _ => "no answer",
    };
}
