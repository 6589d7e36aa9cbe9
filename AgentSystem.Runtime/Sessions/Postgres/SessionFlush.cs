using AgentSystem.Contracts.Sessions;
using AgentSystem.Runtime.State.Postgres;
using Npgsql;

namespace AgentSystem.Runtime.Sessions.Postgres;

/// <summary>Commits the strong changes that came together in one transaction; every caller gets the verdict on its own change, and none before the commit stands.</summary>
internal sealed class SessionFlush(RuntimeDatabase database, SessionRules rules, LostCommit lost, SessionTelemetry telemetry, TimeProvider time)
{
    private const int MostAttempts = 8;

    /// <summary>Verdicts in the order of the changes.</summary>
    public async Task<IReadOnlyList<SessionVerdict>> FlushAsync(IReadOnlyList<SessionChange> changes)
    {
        var verdicts = new SessionVerdict?[changes.Count];
        IReadOnlyList<int> open = [.. Enumerable.Range(0, changes.Count)];
        for (var attempt = 1; open.Count > 0; attempt++)
        {
            try
            {
                open = await FlushAsync(changes, open, verdicts);
            }
            catch (PostgresException refusal) when (IsAboutARow(refusal) && open.Count > 1)
            {
                // Each alone: the others must not fall with the one that cannot be kept.
                foreach (var index in open)
                {
                    verdicts[index] = (await FlushAsync([changes[index]]))[0];
                }

                open = [];
            }
            catch (PostgresException clash) when (clash.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure && attempt < MostAttempts)
            {
                // Nothing was kept; the same again.
            }
        }

        foreach (var verdict in verdicts)
        {
            telemetry.Ended(verdict!.Refusal);
        }

        return verdicts!;
    }

    /// <summary>Classes 22 (data) and 23 (constraint): trying again would fail again.</summary>
    private static bool IsAboutARow(PostgresException exception) =>
        exception.SqlState.StartsWith("22", StringComparison.Ordinal) || exception.SqlState.StartsWith("23", StringComparison.Ordinal);

    /// <summary>Gives back those whose session another process began at the same moment: they are decided anew, on top of what it wrote.</summary>
    private async Task<IReadOnlyList<int>> FlushAsync(IReadOnlyList<SessionChange> changes, IReadOnlyList<int> open, SessionVerdict?[] verdicts)
    {
        var work = new Work([.. open.Select(index => changes[index])]);
        var tenants = work.Changes.Select(static change => change.Scope.Tenant).Distinct(StringComparer.Ordinal).ToList();
        var session = await database.OpenLeanAsync(tenants, CancellationToken.None);
        await using var transaction = await OpenAsync(session, work);
        foreach (var (id, key, image) in work.Keys)
        {
            transaction[id].Load(key, image);
        }

        var now = time.GetUtcNow();
        var outcomes = work.Decide(transaction, now);
        var late = await transaction.BeginSessionsAsync(now);
        var kept = Enumerable.Range(0, outcomes.Length).Where(i => outcomes[i] is { Refusal: null } && !late.Contains(work.Changes[i].Id)).ToList();
        var replicas = await CommitAsync(
            transaction,
            () => kept.Count == 0 ? transaction.CommitAsync() : transaction.WriteAndCommitAsync(late, now, [.. ConflictRows.Insert(kept.SelectMany(i => outcomes[i]!.Conflicts.Select(conflict => (work.Changes[i], conflict))), now), .. work.Remember(kept, outcomes, now)]));
        telemetry.Committed(open.Count);
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (!late.Contains(work.Changes[i].Id))
            {
                verdicts[open[i]] = Verdict(work, i, outcomes[i], replicas);
            }
        }

        return [.. open.Where(index => late.Contains(changes[index].Id))];
    }

    private async Task<SessionTransaction> OpenAsync(TenantSession session, Work work)
    {
        try
        {
            return await SessionTransaction.LockAsync(session, rules, [.. work.Changes.Select(static change => change.Id).Distinct()], work.Questions());
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    private SessionVerdict Verdict(Work work, int index, SessionOutcome? outcome, int? replicas)
    {
        var change = work.Changes[index];
        if (replicas is not { } servers)
        {
            // Refusals too: they were decided on top of what the same commit may or may not have kept.
            return SessionVerdict.Of(SessionRefusal.Unknown(change.TransactionId));
        }

        if (outcome is null)
        {
            return work.Answer(index);
        }

        foreach (var conflict in outcome.Conflicts)
        {
            telemetry.Met(conflict);
        }

        return outcome.Refusal is { } refusal
            ? SessionVerdict.Of(refusal)
            : new SessionVerdict(new StateUpdated(change.TransactionId, outcome.Version, StateConsistency.Strong, servers, ConflictRows.Shown(outcome.Conflicts)), null);
    }

    /// <summary>How many servers have it; null when that could not be found out.</summary>
    private async Task<int?> CommitAsync(SessionTransaction transaction, Func<Task<bool>> commit)
    {
        Exception? lostWith = null;
        try
        {
            if (await commit())
            {
                return await transaction.CountReplicasAsync();
            }
        }
        catch (Exception exception) when (LostCommit.IsOpen(exception))
        {
            lostWith = exception;
        }

        if (transaction.Images.FirstOrDefault(static image => image.Changed) is not { } written)
        {
            // Nothing but refusals: there was nothing to keep, and what they were decided on was committed before.
            return 1 + transaction.Confirming;
        }

        return await lost.FindAsync(written, transaction.Mark) switch
        {
            true => 1 + transaction.Confirming,
            false when lostWith is not null => throw new NpgsqlException("The commit was not made.", lostWith),
            _ => null,
        };
    }

    /// <summary>The changes of a transaction and what was found about them.</summary>
    private sealed class Work(IReadOnlyList<SessionChange> changes)
    {
        private readonly Dictionary<(string Tenant, string Request), (byte[] Body, string Answer)> requests = [];
        private readonly Queue<long> sequences = new();

        public IReadOnlyList<SessionChange> Changes => changes;

        public List<(SessionId Id, string Key, KeyImage Image)> Keys { get; } = [];

        public IReadOnlyList<SessionQuestion> Questions()
        {
            var keys = changes.SelectMany(static change => change.Keys.Select(key => (change.Id, key.Key, Needed: change.Rule is not null || key.Action is KeyAction.Merge or KeyAction.Append)))
                .GroupBy(static key => (key.Id, key.Key)).Select(static group => (group.Key.Id, group.Key.Key, group.Any(static key => key.Needed))).ToList();
            var questions = new List<SessionQuestion>
            {
                SessionTransaction.KeysOf(keys, (id, key, image) => Keys.Add((id, key, image))),
                new(SessionSql.Command(SessionSql.Sequences, new NpgsqlParameter<int> { TypedValue = changes.Count }), row => sequences.Enqueue(row.GetInt64(0))),
            };
            var repeated = changes.Where(static change => change.Request is not null).ToList();
            if (repeated.Count > 0)
            {
                questions.Add(new(
                    SessionSql.Command(SessionSql.Requests, SessionSql.Texts(repeated, static change => change.Scope.Tenant), SessionSql.Texts(repeated, static change => change.Request!.Id)),
                    row => requests[(row.GetString(0), row.GetString(1))] = (row.GetFieldValue<byte[]>(2), row.GetString(3))));
            }

            return questions;
        }

        /// <summary>What becomes of each change, one after the other; null for one whose answer is there already.</summary>
        public SessionOutcome?[] Decide(SessionTransaction transaction, DateTimeOffset now)
        {
            var outcomes = new SessionOutcome?[changes.Count];
            for (var i = 0; i < outcomes.Length; i++)
            {
                var change = changes[i];
                var sequence = sequences.Dequeue();
                if (change.Request is { } request && requests.ContainsKey((change.Scope.Tenant, request.Id)))
                {
                    continue;
                }

                var outcome = transaction[change.Id].Apply(change, sequence);
                outcomes[i] = outcome with { Conflicts = [.. outcome.Conflicts.Select(conflict => conflict.Named(now))] };
                if (outcome.Refusal is null && change.Request is { } first)
                {
                    // The same request twice in one batch: the second finds the first's answer.
                    requests[(change.Scope.Tenant, first.Id)] = (first.Body, StoredJson.Write(Done(change, outcomes[i]!)));
                }
            }

            return outcomes;
        }

        public SessionVerdict Answer(int index)
        {
            var (tenant, request) = (changes[index].Scope.Tenant, changes[index].Request!);
            var (body, answer) = requests[(tenant, request.Id)];
            return SessionVerdict.Repeat(request, body, StoredJson.Read<StateUpdated>(answer));
        }

        public IEnumerable<NpgsqlBatchCommand> Remember(IEnumerable<int> kept, SessionOutcome?[] outcomes, DateTimeOffset now)
        {
            var repeated = kept.Where(i => changes[i].Request is not null).ToList();
            if (repeated.Count > 0)
            {
                yield return SessionSql.Command(
                    SessionSql.Remember,
                    SessionSql.Texts(repeated, i => changes[i].Scope.Tenant), SessionSql.Texts(repeated, i => changes[i].Request!.Id), SessionSql.Bytes(repeated, i => changes[i].Request!.Body),
                    SessionSql.Texts(repeated, i => StoredJson.Write(Done(changes[i], outcomes[i]!))), SessionSql.Moment(now));
            }
        }

        private static StateUpdated Done(SessionChange change, SessionOutcome outcome) =>
            new(change.TransactionId, outcome.Version, StateConsistency.Strong, 1, ConflictRows.Shown(outcome.Conflicts));
    }
}
