using AgentSystem.Contracts.Sessions;

namespace AgentSystem.Runtime.Sessions.Postgres;

/// <summary>A change as it waits in the outbox. The rule is the one that held when it was accepted.</summary>
internal sealed record WaitingChange(string TransactionId, string? User, SessionWriter Writer, ConflictRule Rule, IReadOnlyList<KeyChange> Keys)
{
    public static WaitingChange Of(SessionChange change, SessionRules rules) => new(change.TransactionId, change.Scope.User, change.Writer, change.Rule ?? rules.Default, change.Keys);

    public SessionChange ToChange(SessionId id) => new(new SessionScope(id.Tenant, User), new SessionName(id.Agent, id.Session), Keys, Writer) { TransactionId = TransactionId, Rule = Rule };
}
