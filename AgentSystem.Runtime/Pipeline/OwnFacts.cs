using System.Text.Json;
using AgentSystem.Contracts.Json;

namespace AgentSystem.Runtime.Pipeline;

/// <summary>The member <c>agentsystem</c> of answers.</summary>
public static class OwnFacts
{
    /// <summary>Everything the late headers say, and the tools used, for streams whose headers have left already.</summary>
    public static void Write(Utf8JsonWriter json, RunResult result)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(result);
        var usage = result.Usage;
        json.WriteStartObject("agentsystem");
        json.WriteString("request_id", usage.RequestId);
        json.WriteString("agent", usage.Agent);
        json.WriteString("instance", usage.Instance);
        json.WriteString("model", usage.Model);
        json.WriteString("cache", usage.Cache);
        json.WriteNumber("cost_usd", usage.CostUsd);
        if (usage.BudgetRemaining is { } remaining)
        {
            json.WriteNumber("budget_remaining", remaining);
        }

        json.WriteNumber("attempts", usage.Attempts);
        json.WriteNumber("fallbacks", usage.Fallbacks);
        json.WriteNumber("overhead_ms", usage.OverheadMs);
        json.WriteNumber("duration_ms", usage.DurationMs);
        if (usage.FirstTokenMs is { } first)
        {
            json.WriteNumber("first_token_ms", first);
        }

        if (result.Run.Report.Confidence is { } confidence)
        {
            json.WriteNumber("confidence", Math.Round(confidence, 4));
        }

        if (usage.ThreadId is { } thread)
        {
            json.WriteString("thread_id", thread);
        }

        json.WriteString("quality", usage.Quality);
        json.WritePropertyName("tools");
        JsonSerializer.Serialize(json, usage.Tools, PlatformJson.Options);
        json.WriteEndObject();
    }
}
