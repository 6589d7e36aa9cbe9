using System.Text.Json;
using AgentSystem.Contracts.Sessions;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Sessions;
using Microsoft.Extensions.Options;

namespace AgentSystem.Api.Sessions;

/// <summary>What an update may be, by the settings in force.</summary>
internal sealed class StateLimits(IOptions<SessionsOptions> sessions, IOptions<SecurityOptions> security, TimeProvider time)
{
    public int MaxUser => security.Value.MaxUserLength;

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Null when every update can be kept.</summary>
    public RunFailure? Refuse(UpdateState body)
    {
        if (body.Updates.Count is 0 or > SessionLimits.MaxUpdates)
        {
            return RunFailure.Invalid("invalid_value", $"\"updates\" must have 1 to {SessionLimits.MaxUpdates} items.", "updates");
        }

        for (var i = 0; i < body.Updates.Count; i++)
        {
            // A null in the list is not kept out by the serializer.
            if (body.Updates[i] is not { } update)
            {
                return RunFailure.Invalid("invalid_value", $"\"updates[{i}]\" must be an object.", $"updates[{i}]");
            }

            if (SessionAccess.RefuseName(update.Key, $"updates[{i}].key") is { } wrong)
            {
                return wrong;
            }

            if (SessionLimits.ValueProblem(update.Value, sessions.Value.MaxValueBytes) is { } problem)
            {
                return new RunFailure(422, "invalid_request_error", "state_limit", $"\"updates[{i}].value\" must be {problem}.", $"updates[{i}].value");
            }
        }

        return body.Updates.Sum(static update => (long)SessionLimits.Text(update.Value).Length) > sessions.Value.MaxSessionBytes
            ? new RunFailure(422, "invalid_request_error", "state_limit", $"The values of one change may have {sessions.Value.MaxSessionBytes} bytes together (Sessions:MaxSessionBytes); send less at once.", "updates")
            : null;
    }

    /// <summary>What no session could take, said before an eventual update is accepted.</summary>
    public static RunFailure? Misfit(UpdateState body)
    {
        for (var i = 0; i < body.Updates.Count; i++)
        {
            var (kind, strategy) = (body.Updates[i].Value.ValueKind, body.Updates[i].Strategy ?? StateStrategy.Merge);
            if ((strategy == StateStrategy.Merge && kind != JsonValueKind.Object) || (strategy == StateStrategy.Append && kind != JsonValueKind.Array))
            {
                return new RunFailure(422, "invalid_request_error", "strategy_mismatch", strategy == StateStrategy.Merge
                    ? $"\"merge\" needs an object, and \"updates[{i}].value\" is none; send an object, or \"strategy\":\"replace\"."
                    : $"\"append\" needs a list, and \"updates[{i}].value\" is none; send a list, or \"strategy\":\"replace\".", $"updates[{i}].value");
            }
        }

        return null;
    }
}
