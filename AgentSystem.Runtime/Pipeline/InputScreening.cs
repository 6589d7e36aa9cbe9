using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Agents.Rules;
using AgentSystem.Runtime.Security.Screening;
using AgentSystem.Runtime.Security.Screening.Findings;
using AgentSystem.Runtime.Security.Screening.Folding;
using AgentSystem.Runtime.Security.Screening.Injection;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace AgentSystem.Runtime.Pipeline;

/// <summary>
/// Screens what users and tools put into a request, by the agent's <c>security</c> member. By default what is certainly an injection is refused, and what may be one is
/// counted and passes; nothing is refused for looking odd. The newest turn is always looked at, older ones as far as <see cref="MaxOlder"/> goes: they were the newest once.
/// </summary>
internal sealed partial class InputScreening(TextScreener screener, PipelineTelemetry telemetry, ILogger<InputScreening> log)
{
    /// <summary>Most characters of older turns that are looked at again.</summary>
    public const int MaxOlder = 65_536;

    private static readonly InjectionFinding Nothing = new(ScreenSeverity.None, 0, [], "plain", 0, 0);

    /// <summary>Refuses the request, or changes what the model sees of it, or does neither.</summary>
    public RunFailure? Screen(RunContext run)
    {
        var (input, personal) = (SecurityMember.Input(run.Agent!.Security), SecurityMember.OfPersonalData(run.Agent.Security));
        if (input == "off" && personal == "report")
        {
            return null;
        }

        var action = Enum.Parse<FindingAction>(personal, ignoreCase: true);
        // What a resumed run was asked was looked at when it began; what is masked for the model is masked again, because the original is kept.
        var resumed = run.Call.Journal?.Held.Run.AgentVersion is not null;
        if (resumed && action is not (FindingAction.Mask or FindingAction.Redact))
        {
            return null;
        }

        ChatMessage[] conversation = [.. run.Conversation];
        var newest = Array.FindLastIndex(conversation, static message => message.Role == ChatRole.Assistant);
        var left = MaxOlder;
        for (var i = conversation.Length - 1; i >= 0; i--)
        {
            var source = conversation[i].Role == ChatRole.User ? ScreenSource.User : conversation[i].Role == ChatRole.Tool ? ScreenSource.Tool : (ScreenSource?)null;
            if (source is null)
            {
                continue;
            }

            for (var part = 0; part < conversation[i].Contents.Count; part++)
            {
                var text = conversation[i].Contents[part] switch { TextContent content => content.Text, FunctionResultContent result => result.Result?.ToString(), _ => null };
                left -= i > newest ? 0 : text?.Length ?? 0;
                if (string.IsNullOrEmpty(text) || left < 0)
                {
                    continue;
                }

                var seen = Look(text, source.Value, input, action, resumed);
                if (!resumed && Judge(run, seen, (conversation[i].Contents[part] as FunctionResultContent)?.CallId, input, action) is { } failure)
                {
                    return failure;
                }

                if (action is FindingAction.Mask or FindingAction.Redact && seen.Findings.Count > 0 && conversation[i].Contents[part] is TextContent)
                {
                    conversation[i] = Replace(conversation[i], part, DisplayText.Clean(TextFindings.Without(text, seen.Findings, action == FindingAction.Mask)));
                }
            }
        }

        run.Conversation = conversation;
        return null;
    }

    /// <summary>Only what the agent asks for is looked for: personal data cost as much as injections.</summary>
    private Seen Look(string text, ScreenSource source, string input, FindingAction action, bool resumed) => new(
        source,
        input == "off" || resumed ? Nothing : screener.Look(text, source),
        action == FindingAction.Report ? [] : TextFindings.Of(text));

    private static ChatMessage Replace(ChatMessage message, int part, string text)
    {
        var changed = message.Clone();
        changed.Contents = [.. message.Contents];
        changed.Contents[part] = new TextContent(text);
        return changed;
    }

    private RunFailure? Judge(RunContext run, Seen result, string? call, string input, FindingAction action)
    {
        var source = result.Source;
        var personal = action == FindingAction.Block && result.Findings.Count > 0;
        var refused = !personal && (input, result.Injection.Severity) is ("block", ScreenSeverity.Critical) or ("strict", > ScreenSeverity.None);
        var verdict = personal || refused ? ScreenVerdict.Blocked : result.Injection.Detected || result.Injection.Harm >= .5 ? ScreenVerdict.AllowedWithMonitoring : ScreenVerdict.Allowed;
        telemetry.Screened(run.Agent!.Type, source, verdict);
        if (verdict == ScreenVerdict.Allowed)
        {
            return null;
        }

        // A durable run must come to the same when it is resumed, and it is not screened then.
        run.Doubted |= source == ScreenSource.User && result.Injection.Detected && run.Call.Journal is null;
        if (call is not null && result.Injection.Detected)
        {
            run.Flagged.Add(call);
        }

        LogScreened(run.Call.RequestId, verdict, source, result.Injection.Severity, result.Injection.View);
        return personal
            ? RunFailure.Invalid("personal_data_blocked", $"The {Name(source)} holds personal data or secrets ({string.Join(", ", result.Findings.Select(static finding => finding.Entity).Distinct(StringComparer.Ordinal))}), which this agent does not take (security.personal_data); leave them out.", "messages")
            : refused
            ? RunFailure.Invalid("input_blocked", $"The {Name(source)} reads like an attempt to override the agent's instructions ({string.Join(", ", result.Injection.Signals)}) and was refused. Say it in other words; if it is honest, the operator can set the agent's security.input to \"monitor\".", "messages")
            : null;
    }

    private sealed record Seen(ScreenSource Source, InjectionFinding Injection, IReadOnlyList<Finding> Findings);

    private static string Name(ScreenSource source) => source == ScreenSource.User ? "user's message" : "tool's result";

    [LoggerMessage(Level = LogLevel.Information, Message = "Request {RequestId} was screened: {Verdict}, from {Source}, injection {Severity}, read as {View}")]
    private partial void LogScreened(string requestId, ScreenVerdict verdict, ScreenSource source, ScreenSeverity severity, string view);
}
