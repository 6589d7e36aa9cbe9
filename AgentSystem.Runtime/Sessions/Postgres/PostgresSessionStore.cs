using AgentSystem.Contracts.Sessions;
using AgentSystem.Runtime.State;

namespace AgentSystem.Runtime.Sessions.Postgres;

/// <summary>Sessions in Postgres: strong changes share commits, eventual ones go through the outbox, strong reads prove that the server they read still leads.</summary>
internal sealed class PostgresSessionStore : ISessionStore
{
    private const int MostChanges = 512;
    private const long MostBytes = 8 * 1024 * 1024;

    private readonly SessionReader reader;
    private readonly QuorumFence fence;
    private readonly SessionCatchUp catchUp;
    private readonly SessionProjector projector;
    private readonly GroupCommit<SessionChange, SessionVerdict> strong;
    private readonly GroupCommit<SessionChange, SessionVerdict> eventual;

    public PostgresSessionStore(SessionFlush flush, SessionOutbox outbox, SessionReader reader, QuorumFence fence, SessionCatchUp catchUp, SessionProjector projector, SessionRules rules, TimeProvider time)
    {
        (this.reader, this.fence, this.catchUp, this.projector) = (reader, fence, catchUp, projector);
        var settings = new GroupSettings(MostChanges, MostBytes, rules.Options.MaxWaiting, TimeSpan.FromMilliseconds(rules.Options.LingerMilliseconds));
        (strong, eventual) = (new(flush.FlushAsync, settings, time), new(outbox.AcceptAsync, settings, time));
    }

    public Task<SessionVerdict> ChangeAsync(SessionChange change, CancellationToken cancellation) => AddAsync(strong, change, cancellation);

    public async Task<SessionVerdict> AcceptAsync(SessionChange change, CancellationToken cancellation)
    {
        var verdict = await AddAsync(eventual, change, cancellation);
        projector.Wake();
        return verdict;
    }

    public async Task<SessionView?> ReadAsync(SessionScope scope, SessionName name, SessionRead read, CancellationToken cancellation)
    {
        if (read.Token is not null)
        {
            await catchUp.ApplyAsync([new SessionId(scope.Tenant, name.Agent, name.Session)], cancellation);
        }

        var view = await reader.ReadAsync(scope, name, read.Key, cancellation);
        if (read.Strong)
        {
            await fence.ProveAsync(cancellation);
        }

        return view;
    }

    public Task<IReadOnlyList<SessionSummary>> ListAsync(SessionScope scope, SessionQuery query, CancellationToken cancellation) => reader.ListAsync(scope, query, cancellation);

    private static Task<SessionVerdict> AddAsync(GroupCommit<SessionChange, SessionVerdict> group, SessionChange change, CancellationToken cancellation) =>
        group.Add(change, change.Keys.Sum(static key => key.Json.Length), cancellation) ?? Task.FromResult(SessionVerdict.Of(SessionRefusal.Busy));
}
