using System.Collections.Concurrent;
using AgentSystem.Runtime.Sessions;
using AgentSystem.Runtime.State.Postgres;
using AgentSystem.Tests.Harness;
using AgentSystem.Tests.Runtime.Sessions;
using Npgsql;

namespace AgentSystem.Tests.Reliability.Sessions;

/// <summary>Sessions on a node of a cluster.</summary>
internal static class ClusterSessions
{
    private static readonly SessionName List = new("assistant", "list");

    /// <summary>Sessions on a node whose tables are there.</summary>
    public static SessionsOnPostgres On(PostgresNode node) => SessionsOnPostgres.On(node.Source, ("QuorumSeconds", "3"));

    /// <summary>Sessions on a node that has no tables yet.</summary>
    public static async Task<SessionsOnPostgres> MigrateAsync(PostgresNode node)
    {
        await RuntimeSchema.MigrateRuntimeAsync(node.Source, default);
        await node.ScalarAsync($"INSERT INTO agentsystem.tenants (tenant_id) VALUES ('{Changes.Tenant}')");
        return On(node);
    }

    /// <summary>Appends to one list from eight clients, kills the node after so many answers, and gives the numbers that were acknowledged.</summary>
    public static Task<IReadOnlyCollection<int>> ChangeUntilKilledAsync(ISessionStore store, PostgresNode node, int answers) => UntilKilledAsync(store.ChangeAsync, node, answers);

    /// <summary>The same with eventual updates.</summary>
    public static Task<IReadOnlyCollection<int>> AcceptUntilKilledAsync(ISessionStore store, PostgresNode node, int answers) => UntilKilledAsync(store.AcceptAsync, node, answers);

    /// <summary>The list, with everything that was accepted.</summary>
    public static async Task<IReadOnlyList<int>> ItemsAsync(ISessionStore store)
    {
        var view = (await store.ReadAsync(new SessionScope(Changes.Tenant, null), List, new SessionRead(Token: 0), default))!;
        return [.. view.State["items"].EnumerateArray().Select(item => item.GetInt32())];
    }

    public static Task<SessionVerdict> AppendAsync(ISessionStore store, int number) => store.ChangeAsync(Changes.Of(List, Changes.Append("items", $"[{number}]")), default);

    private static async Task<IReadOnlyCollection<int>> UntilKilledAsync(Func<SessionChange, CancellationToken, Task<SessionVerdict>> send, PostgresNode node, int answers)
    {
        var acknowledged = new ConcurrentBag<int>();
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var numbers = 0;
        var working = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                var number = Interlocked.Increment(ref numbers);
                try
                {
                    if ((await send(Changes.Of(List, Changes.Append("items", $"[{number}]")), default)).Refusal is not null)
                    {
                        return;
                    }
                }
                catch (Exception failure) when (failure is NpgsqlException or IOException or TimeoutException)
                {
                    return; // The node is dead.
                }

                acknowledged.Add(number);
                if (acknowledged.Count >= answers)
                {
                    enough.TrySetResult();
                }
            }
        })).ToList();
        await enough.Task;
        await node.KillAsync();
        await Task.WhenAll(working);
        return acknowledged;
    }
}
