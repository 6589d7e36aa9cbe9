using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Agents.Rules;
using AgentSystem.Runtime.Security.Audit;
using AgentSystem.Runtime.Security.Screening;
using AgentSystem.Runtime.Security.Screening.Findings;
using AgentSystem.Runtime.Security.Screening.Folding;
using AgentSystem.Runtime.Threats;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace AgentSystem.Runtime.Pipeline;

/// <summary>
/// Screens what users and tools put into a request, by the agent's <c>security</c> member. By default what is certainly an injection is refused, and what may be one is
/// counted and passes; nothing is refused for looking odd. The newest turn is always looked at, older ones as far as <see cref="MaxOlder"/> goes: they were the newest once.
/// </summary>
internal sealed partial class InputScreening(TextScreener screener, PipelineTelemetry telemetry, ThreatWatch threats, IAuditLog audit, TimeProvider time, ILogger<InputScreening> log)
{
    /// <summary>Most characters of older turns that are looked at again.</summary>
    public const int MaxOlder = 65_536;

    /// <summary>Most characters of a conversation's newest user turns that are read as one text.</summary>
    public const int MaxTogether = 2_048;

    /// <summary>The code of a failure that says an input was refused for what it is up to.</summary>
    public const string BlockedCode = "input_blocked";

    private const int MostTogether = 8;

    /// <summary>Refuses the request, or changes what the model sees of it, or does neither.</summary>
    public async ValueTask<RunFailure?> ScreenAsync(RunContext run, CancellationToken cancellation)
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

                if (resumed)
                {
                    conversation[i] = Hidden(conversation[i], part, text, TextFindings.Of(text), action);
                    continue;
                }

                var signals = threats.SignalsOf(run.Call.Caller.Tenant, run.Call.Caller.KeyId, run.User, text);
                var seen = Named(text, screener.Screen(text, source.Value, action: action, signals: signals, brief: true), action);
                if (await JudgeAsync(run, seen, source.Value, (input, action), signals, cancellation).ConfigureAwait(false) is { } failure)
                {
                    return failure;
                }

                if (conversation[i].Contents[part] is FunctionResultContent answer && seen.Injection.Detected)
                {
                    run.Flagged.Add(answer.CallId);
                }

                conversation[i] = Hidden(conversation[i], part, text, seen.Findings, action);
            }
        }

        run.Conversation = conversation;
        return null;
    }

    /// <summary>Personal data are searched for where the agent asks for it, and named where something else is told of the text; otherwise they would cost as much as the injections, for nothing.</summary>
    private static ScreenResult Named(string text, ScreenResult seen, FindingAction action) =>
        action == FindingAction.Report && (seen.Injection.Detected || seen.ThreatScore >= ThreatScore.Medium) ? seen with { Findings = TextFindings.Of(text) } : seen;

    private static ChatMessage Hidden(ChatMessage message, int part, string text, IReadOnlyList<Finding> findings, FindingAction action) =>
        action is FindingAction.Mask or FindingAction.Redact && findings.Count > 0 && message.Contents[part] is TextContent
            ? Replace(message, part, DisplayText.Clean(TextFindings.Without(text, findings, action == FindingAction.Mask)))
            : message;

    /// <summary>
    /// Reads the newest turns of the user as one text, those of a thread too: an order can be said in pieces that are harmless one by one. Only what is worse than each turn alone counts here, and only what a
    /// rule speaks for; the rest was judged when it was said.
    /// </summary>
    public async ValueTask<RunFailure?> ScreenTogetherAsync(RunContext run, CancellationToken cancellation)
    {
        var input = SecurityMember.Input(run.Agent!.Security);
        if (input == "off" || run.Call.Journal?.Held.Run.AgentVersion is not null || Turns(run.Conversation) is not { Count: > 1 } turns)
        {
            return null;
        }

        var together = screener.Screen(string.Join(' ', turns), ScreenSource.User, brief: true);
        return together.Injection.Severity < ScreenSeverity.High || turns.Any(turn => screener.Look(turn, ScreenSource.User).Severity >= together.Injection.Severity)
            ? null
            : await JudgeAsync(run, together, ScreenSource.User, (input, FindingAction.Report), ThreatSignals.None, cancellation).ConfigureAwait(false);
    }

    private static List<string> Turns(IReadOnlyList<ChatMessage> conversation)
    {
        var (turns, left) = (new List<string>(), MaxTogether);
        for (var i = conversation.Count - 1; i >= 0 && turns.Count < MostTogether; i--)
        {
            if (conversation[i].Role != ChatRole.User || conversation[i].Text is not { Length: > 0 } text)
            {
                continue;
            }

            left -= text.Length;
            if (left < 0)
            {
                break;
            }

            turns.Insert(0, text);
        }

        return turns;
    }

    private static ChatMessage Replace(ChatMessage message, int part, string text)
    {
        var changed = message.Clone();
        changed.Contents = [.. message.Contents];
        changed.Contents[part] = new TextContent(text);
        return changed;
    }

    private async ValueTask<RunFailure?> JudgeAsync(
        RunContext run, ScreenResult result, ScreenSource source, (string Input, FindingAction Action) setting, ThreatSignals signals, CancellationToken cancellation)
    {
        var (input, action) = setting;
        var personal = action == FindingAction.Block && result.Findings.Count > 0;
        // All signals together weigh as much as one that is certain.
        var high = result.ThreatScore >= ThreatScore.High && input is "block" or "strict";
        var refused = !personal && (high || (input, result.Injection.Severity) is ("block", ScreenSeverity.Critical) or ("strict", > ScreenSeverity.None));
        var watched = result.Injection.Detected || result.Injection.Harm >= .5 || (input != "off" && result.ThreatScore >= ThreatScore.Medium);
        var verdict = personal || refused ? ScreenVerdict.Blocked : watched ? ScreenVerdict.AllowedWithMonitoring : ScreenVerdict.Allowed;
        telemetry.Screened(run.Agent!.Type, source, verdict);
        Keep(run, result, source, verdict, signals);
        if (verdict == ScreenVerdict.Allowed)
        {
            return null;
        }

        // A durable run must come to the same when it is resumed, and it is not screened then.
        run.Doubted |= source == ScreenSource.User && result.Injection.Detected && run.Call.Journal is null;
        LogScreened(run.Call.RequestId, verdict, source, result.Injection.Severity, result.Injection.View);
        await AuditAsync(run, result, source, verdict, signals, cancellation).ConfigureAwait(false);
        return personal
            ? RunFailure.Invalid("personal_data_blocked", $"The {Name(source)} holds personal data or secrets ({string.Join(", ", result.Findings.Select(static finding => finding.Entity).Distinct(StringComparer.Ordinal))}), which this agent does not take (security.personal_data); leave them out.", "messages")
            : refused
            ? RunFailure.Invalid(BlockedCode, $"The {Name(source)} reads like an attempt to override the agent's instructions ({string.Join(", ", result.Injection.Signals.Concat(ThreatWatch.Names(signals)))}) and was refused. Say it in other words; if it is honest, the operator can set the agent's security.input to \"monitor\".", "messages")
            : null;
    }

    /// <summary>Hands the verdict over: the counts of all, and of what was flagged everything but the text.</summary>
    private void Keep(RunContext run, ScreenResult result, ScreenSource source, ScreenVerdict verdict, ThreatSignals signals)
    {
        var (call, now) = (run.Call, time.GetUtcNow());
        var severity = result.Violations.Select(static violation => violation.Severity).Append(signals.Intelligence >= ThreatSignals.CertainIntelligence ? ScreenSeverity.Critical : ScreenSeverity.Low).Max();
        IEnumerable<string> names = [.. result.Injection.Signals, .. ThreatWatch.Names(signals), .. result.Injection.Harm >= .5 ? ["harm"] : Array.Empty<string>(), .. result.Findings.Select(static finding => finding.Entity).Distinct(StringComparer.Ordinal)];
        threats.Screened(call.Caller.Tenant, now, verdict, verdict == ScreenVerdict.Allowed
            ? null
            : new FlaggedInput($"flg_{Guid.CreateVersion7(now):N}", now, call.RequestId, run.Agent!.Name, call.Caller.KeyId, run.User, source, verdict, severity, result.ThreatScore, [.. names], result.Injection.View));
    }

    /// <summary>What passes without a word is in the facts of the request; here stands what was refused, before the answer leaves, and what is watched.</summary>
    private async ValueTask AuditAsync(RunContext run, ScreenResult result, ScreenSource source, ScreenVerdict verdict, ThreatSignals signals, CancellationToken cancellation)
    {
        var blocked = verdict == ScreenVerdict.Blocked;
        var details = new Dictionary<string, string>
        {
            ["source"] = source.ToString().ToLowerInvariant(),
            ["severity"] = result.Injection.Severity.ToString().ToLowerInvariant(),
            ["signals"] = string.Join(' ', result.Injection.Signals.Concat(ThreatWatch.Names(signals))),
            ["findings"] = string.Join(' ', result.Findings.Select(static finding => finding.Entity).Distinct(StringComparer.Ordinal)),
        };
        var audited = new AuditEvent(
            run.Call.Caller.Tenant, AuditActor.Of(run.Call.Caller), "input.screen", "agent:" + run.Agent!.Name, blocked ? AuditDecision.Denied : AuditDecision.AllowedWithMonitoring, run.Call.RequestId, details);
        if (blocked)
        {
            await audit.WriteAsync(audited, cancellation).ConfigureAwait(false);
            return;
        }

        audit.Note(audited);
    }

    private static string Name(ScreenSource source) => source == ScreenSource.User ? "user's message" : "tool's result";

    [LoggerMessage(Level = LogLevel.Information, Message = "Request {RequestId} was screened: {Verdict}, from {Source}, injection {Severity}, read as {View}")]
    private partial void LogScreened(string requestId, ScreenVerdict verdict, ScreenSource source, ScreenSeverity severity, string view);
}
