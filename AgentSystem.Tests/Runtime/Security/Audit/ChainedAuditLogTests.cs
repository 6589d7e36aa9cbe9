using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Security.Audit;
using AgentSystem.Runtime.Security.Audit.Postgres;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace AgentSystem.Tests.Runtime.Security.Audit;

public sealed class ChainedAuditLogTests(TestPostgres postgres)
{
    [Fact]
    public async Task Write_ManyAtOnce_KeepsEachInOneChainWithoutAGap()
    {
        await using var house = await AuditHouse.CreateAsync(postgres);
        var kept = await Task.WhenAll(Enumerable.Range(1, 200).Select(i => house.Log.WriteAsync(AuditHouse.Event($"thing:{i}", i % 2 == 0 ? Tenants.Default : MigratedDatabase.TenantA), default)));

        Assert.All(kept, Assert.True);
        var entries = (await house.EntriesAsync()).Concat(await house.EntriesAsync(MigratedDatabase.TenantA)).OrderBy(static entry => entry.Sequence).ToList();
        Assert.Equal(Enumerable.Range(1, 201).Select(static i => (long)i), entries.Select(static entry => entry.Sequence));
        Assert.Equal("audit.begin", AuditBody.Read(entries[0].Body)!.Action);
        var previous = AuditEntry.Nothing;
        Assert.All(entries, entry =>
        {
            Assert.Equal(previous, entry.Previous);
            Assert.Equal(AuditEntry.HashOf(previous, entry.Body), entry.Hash);
            Assert.NotNull(AuditBody.Read(entry.Body));
            previous = entry.Hash;
        });
    }

    [Fact]
    public async Task Write_WhatNamesPeople_SealsTheNamesAndCleansTheRest()
    {
        await using var house = await AuditHouse.CreateAsync(postgres);
        var details = new Dictionary<string, string> { ["user"] = "anna", ["note"] = "mail anna@example.com\r\nfaked: entry", ["key"] = "token=ghp_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8" };
        Assert.True(await house.Log.WriteAsync(new AuditEvent(Tenants.Default, "subject:anna", "thing.change", "sealed:x:y:z", AuditDecision.Allowed, "req_1", details), default));

        var entry = (await house.EntriesAsync())[^1];
        Assert.DoesNotContain("anna", entry.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("ghp_", entry.Body, StringComparison.Ordinal);
        var body = AuditBody.Read(entry.Body)!;
        Assert.Equal("mail [EMAIL_ADDRESS]  faked: entry", body.Details["note"]);
        Assert.Equal("plain:sealed:x:y:z", body.Object);
        Assert.Equal(AuditSeal.Parts(body.Actor)!.Value.Subject, AuditSeal.Parts(body.Details["user"])!.Value.Subject);
    }

    [Fact]
    public async Task Entries_ThatAreKept_CannotBeChangedOrDeletedByTheAppRole()
    {
        await using var house = await AuditHouse.CreateAsync(postgres);
        await house.WriteAsync(1);
        foreach (var sql in new[]
        {
            "UPDATE agentsystem.audit_entries SET body = body", "DELETE FROM agentsystem.audit_entries", "TRUNCATE agentsystem.audit_entries",
            "DELETE FROM agentsystem.audit_roots", "UPDATE agentsystem.audit_leaves SET hash = hash", "SELECT count(*) FROM agentsystem.audit_streams", "UPDATE agentsystem.audit_subjects SET token = token",
        })
        {
            await using var session = await house.Database.Runtime.OpenAsync(Tenants.Default, default);
            await using var command = session.Command(sql);
            var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }
    }

    [Fact]
    public async Task Write_WhileTheStoreFails_IsFalseAndTheChainGoesOnWhole()
    {
        await using var house = await AuditHouse.CreateAsync(postgres);
        var store = new FailingStore(house.Store);
        var log = house.NewLog(store: store);
        await house.WriteAsync(2, log: log);

        store.Fails = FailingStore.When.BeforeTheCommit;
        Assert.False(await log.WriteAsync(AuditHouse.Event("thing:lost"), default));
        store.Fails = FailingStore.When.AfterTheCommit;
        Assert.False(await log.WriteAsync(AuditHouse.Event("thing:unknown"), default));
        store.Fails = FailingStore.When.Never;
        await house.WriteAsync(1, log: log);

        var entries = await house.EntriesAsync();
        Assert.Equal(["process", "thing:1", "thing:2", "thing:unknown", "thing:1"], entries.Select(static entry => AuditBody.Read(entry.Body)!.Object).Select(static on => on.StartsWith("process:", StringComparison.Ordinal) ? "process" : on));
        Assert.All(entries.Zip(entries.Skip(1)), static pair => Assert.Equal(pair.First.Hash, pair.Second.Previous));
    }

    [Fact]
    public async Task Write_ToAStoreThatIsSilent_IsFalseWhenItsTimeIsOver()
    {
        await using var house = await AuditHouse.CreateAsync(postgres);
        var (time, store) = (new FakeTimeProvider(), new FailingStore(house.Store) { Fails = FailingStore.When.ItIsSilent });
        var writing = house.NewLog(new AuditOptions { WriteWithin = TimeSpan.FromSeconds(2) }, store, time).WriteAsync(AuditHouse.Event("thing:1"), default);
        await store.Asked.Task;
        Assert.False(writing.IsCompleted);

        time.Advance(TimeSpan.FromSeconds(3));

        Assert.False(await writing);
    }

    [Fact]
    public async Task Note_MoreThanFits_IsCountedAndTheCountIsWritten()
    {
        await using var house = await AuditHouse.CreateAsync(postgres);
        var log = house.NewLog(new AuditOptions { MaxWaiting = 3 });
        for (var i = 1; i <= 5; i++)
        {
            log.Note(AuditHouse.Event($"thing:{i}"));
        }

        await log.FlushAsync(default);

        var bodies = (await house.EntriesAsync()).Select(static entry => AuditBody.Read(entry.Body)!).ToList();
        Assert.Equal(["audit.begin", "thing.change", "thing.change", "thing.change", "audit.lose"], bodies.Select(static body => body.Action));
        Assert.Equal("2", bodies[^1].Details["count"]);
        Assert.False(log.HasNotes);
    }

    [Fact]
    public async Task Flush_WhileTheStoreFails_KeepsTheNotesForTheNextTime()
    {
        await using var house = await AuditHouse.CreateAsync(postgres);
        var store = new FailingStore(house.Store) { Fails = FailingStore.When.BeforeTheCommit };
        var log = house.NewLog(store: store);
        log.Note(AuditHouse.Event("thing:1"));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => log.FlushAsync(default));

        store.Fails = FailingStore.When.Never;
        await log.EndAsync(default);

        Assert.Equal(["audit.begin", "thing.change", "audit.end"], (await house.EntriesAsync()).Select(static entry => AuditBody.Read(entry.Body)!.Action));
    }

    /// <summary>A store whose database fails at a moment of the test's choice.</summary>
    private sealed class FailingStore(IAuditStore inner) : IAuditStore
    {
        public enum When
        {
            Never,
            BeforeTheCommit,
            AfterTheCommit,
            ItIsSilent,
        }

        public When Fails { get; set; }

        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task AppendAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellation)
        {
            Asked.TrySetResult();
            if (Fails == When.ItIsSilent)
            {
                await Task.Delay(Timeout.Infinite, cancellation);
            }

            if (Fails != When.BeforeTheCommit)
            {
                await inner.AppendAsync(entries, cancellation);
            }

            if (Fails != When.Never)
            {
                throw new NpgsqlException("The connection is gone.");
            }
        }

        public Task<(long Sequence, byte[] Hash)?> LastAsync(string stream, CancellationToken cancellation) => inner.LastAsync(stream, cancellation);

        public Task<IReadOnlyList<StoredSubject>> SubjectsAsync(string tenant, IReadOnlyList<byte[]> tokens, Func<byte[], StoredSubject> make, CancellationToken cancellation) => inner.SubjectsAsync(tenant, tokens, make, cancellation);

        public Task<StoredSubject?> FindSubjectAsync(string tenant, byte[] token, CancellationToken cancellation) => inner.FindSubjectAsync(tenant, token, cancellation);

        public Task<IReadOnlyList<StoredSubject>> SubjectsOfAsync(string tenant, IReadOnlyList<string> ids, CancellationToken cancellation) => inner.SubjectsOfAsync(tenant, ids, cancellation);

        public Task<bool> EraseAsync(string tenant, byte[] token, CancellationToken cancellation) => inner.EraseAsync(tenant, token, cancellation);

        public Task<IReadOnlyList<AuditEntry>> ListAsync(string tenant, AuditQuery query, string? after, int limit, CancellationToken cancellation) => inner.ListAsync(tenant, query, after, limit, cancellation);

        public Task<AuditEntry?> FindAsync(string tenant, string stream, long sequence, CancellationToken cancellation) => inner.FindAsync(tenant, stream, sequence, cancellation);
    }
}
