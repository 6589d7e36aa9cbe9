using AgentSystem.Contracts.Sessions;
using AgentSystem.Runtime.Sessions;
using AgentSystem.Tests.Runtime.Sessions;
using Npgsql;

namespace AgentSystem.Tests.Reliability.Sessions;

/// <summary>Clients that work on sessions while something is being done to the servers, and write down what they sent and were told.</summary>
internal sealed class SessionClients(int seed)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, List<RegisterOperation>> registers = [];
    private readonly List<AppendTransaction> appends = [];
    private readonly List<IReadOnlyDictionary<string, IReadOnlyList<int>>> reads = [];
    private readonly List<(Func<bool> Enough, TaskCompletionSource Reached)> waiting = [];
    private long moment;
    private int numbers;
    private int acknowledged;
    private int unanswered;

    public IReadOnlyDictionary<string, List<RegisterOperation>> Registers => registers;

    public IReadOnlyList<AppendTransaction> Appends => appends;

    public IReadOnlyList<IReadOnlyDictionary<string, IReadOnlyList<int>>> Reads => reads;

    /// <summary>Returns when this many more changes were acknowledged.</summary>
    public Task AcknowledgedAsync(int more)
    {
        lock (gate)
        {
            var count = acknowledged + more;
            return UntilAsync(() => acknowledged >= count);
        }
    }

    /// <summary>Returns when this many more changes failed, or ended without anybody knowing how.</summary>
    public Task UnansweredAsync(int more)
    {
        lock (gate)
        {
            var count = unanswered + more;
            return UntilAsync(() => unanswered >= count);
        }
    }

    /// <summary>One client that reads, writes and compares-and-sets registers until it is told to stop.</summary>
    /// <param name="store">Asked anew for each operation: a failover gives another.</param>
    /// <param name="client">Its number.</param>
    /// <param name="most">Most operations per register and client, which bounds the search for an explanation.</param>
    /// <param name="stop">Ends it.</param>
    public async Task UseRegistersAsync(Func<ISessionStore> store, int client, int most, CancellationToken stop)
    {
        var chance = new Random(seed + client);
        for (var answered = 0; answered < most && !stop.IsCancellationRequested;)
        {
            var name = new SessionName("assistant", $"register{chance.Next(3)}");
            answered += await UseRegisterAsync(store(), name, chance.Next(3)) ? 1 : 0;
        }
    }

    /// <summary>One client that appends to some of four lists of one session, and reads all of them, until it is told to stop.</summary>
    public async Task AppendAsync(Func<ISessionStore> store, int client, CancellationToken stop)
    {
        var chance = new Random(seed + client);
        while (!stop.IsCancellationRequested)
        {
            if (chance.Next(4) == 0)
            {
                await ReadListsAsync(store());
                continue;
            }

            var id = Interlocked.Increment(ref numbers);
            string[] lists = [.. new[] { "a", "b", "c", "d" }.OrderBy(_ => chance.Next()).Take(2 + chance.Next(3))];
            var outcome = await SendAsync(store(), Changes.Of(Lists, [.. lists.Select(list => Changes.Append(list, $"[{id}]"))]));
            lock (gate)
            {
                appends.Add(new AppendTransaction(id, lists, outcome switch { Told.Kept => true, Told.Unknown => null, _ => false }));
            }

            Count(outcome);
        }
    }

    /// <summary>Reads all lists at one moment; nothing is noted where no answer came.</summary>
    public async Task ReadListsAsync(ISessionStore store)
    {
        if (await ReadAsync(store, Lists) is { } view)
        {
            lock (gate)
            {
                reads.Add(view.Item1?.State.ToDictionary(list => list.Key, list => (IReadOnlyList<int>)[.. list.Value.EnumerateArray().Select(item => item.GetInt32())]) ?? []);
            }
        }
    }

    private static SessionName Lists { get; } = new("assistant", "lists");

    /// <summary>False when nobody answered.</summary>
    private async Task<bool> UseRegisterAsync(ISessionStore store, SessionName name, int kind)
    {
        var began = Interlocked.Increment(ref moment);
        if (await ReadAsync(store, name) is not { } found)
        {
            return false;
        }

        var (value, version) = (found.Item1?.State["v"].GetInt32() ?? 0, found.Item1?.Version ?? 0);
        Note(name, new RegisterOperation(RegisterKind.Read, value, 0, began, Interlocked.Increment(ref moment)));
        if (kind == 0)
        {
            return true;
        }

        // Every written value is a new one, so that a version and a value say the same.
        var next = Interlocked.Increment(ref numbers);
        began = Interlocked.Increment(ref moment);
        var change = Changes.Of(name, Changes.Replace("v", $"{next}"));
        var outcome = await SendAsync(store, kind == 1 ? change : change with { Match = new SessionMatch(version) });
        var ended = Interlocked.Increment(ref moment);
        Count(outcome);
        if (outcome == Told.Failed)
        {
            return false; // If its value is ever read, nothing explains that read.
        }

        Note(name, outcome == Told.Refused
            ? new RegisterOperation(RegisterKind.Refused, 0, value, began, ended)
            : new RegisterOperation(kind == 1 ? RegisterKind.Write : RegisterKind.Set, next, value, began, outcome == Told.Unknown ? long.MaxValue : ended));
        return true;
    }

    private void Count(Told outcome)
    {
        lock (gate)
        {
            acknowledged += outcome == Told.Kept ? 1 : 0;
            unanswered += outcome is Told.Failed or Told.Unknown ? 1 : 0;
            waiting.RemoveAll(static one => one.Enough() && one.Reached.TrySetResult());
        }
    }

    private Task UntilAsync(Func<bool> enough)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting.Add((enough, reached));
        return reached.Task;
    }

    private void Note(SessionName name, RegisterOperation operation)
    {
        lock (gate)
        {
            if (!registers.TryGetValue(name.Session, out var list))
            {
                registers[name.Session] = list = [];
            }

            list.Add(operation);
        }
    }

    private static async Task<Tuple<SessionView?>?> ReadAsync(ISessionStore store, SessionName name)
    {
        try
        {
            return Tuple.Create(await store.ReadAsync(new SessionScope(Changes.Tenant, null), name, new SessionRead(), default));
        }
        catch (Exception failure) when (failure is NpgsqlException or IOException or TimeoutException)
        {
            return null;
        }
    }

    private static async Task<Told> SendAsync(ISessionStore store, SessionChange change)
    {
        try
        {
            var verdict = await store.ChangeAsync(change, default);
            return verdict.Refusal?.Code switch { null => Told.Kept, "outcome_unknown" => Told.Unknown, "version_mismatch" => Told.Refused, var code => throw new InvalidOperationException(code) };
        }
        catch (Exception failure) when (failure is NpgsqlException or IOException or TimeoutException)
        {
            // The store throws only where nothing was kept; a history in which it was kept is not explained.
            return Told.Failed;
        }
    }

    private enum Told
    {
        Kept,
        Refused,
        Failed,
        Unknown,
    }
}
