using System.Text;
using AgentSystem.Runtime.Recordings;
using AgentSystem.Runtime.Recordings.Postgres;
using AgentSystem.Runtime.Responses;
using AgentSystem.Runtime.Responses.Postgres;
using AgentSystem.Runtime.Security.Sealing;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.Options;

namespace AgentSystem.Tests.Runtime.Security.Sealing;

/// <summary>A tenant's rows in plain and under an older key, over a database of their own.</summary>
public sealed class RotationTests(TestPostgres postgres) : IAsyncLifetime
{
    private const string Tenant = MigratedDatabase.TenantA;
    private const string Said = "the-quick-brown-fox";
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private MigratedDatabase database = null!;
    private SealingHouse house = null!;

    public async ValueTask InitializeAsync()
    {
        database = await MigratedDatabase.CreateAsync(postgres);
        house = new SealingHouse(database);
    }

    public ValueTask DisposeAsync()
    {
        house.Dispose();
        return database.DisposeAsync();
    }

    [Fact]
    public async Task Rotation_OfPlainAndOlderRows_SealsThemAllAndEachReadsAsBefore()
    {
        await PlantAsync(sealedRows: 3, plainRows: Rotation.Batch + 5);
        Assert.Contains(Said, await DumpAsync(), StringComparison.Ordinal);

        var begun = await house.Rotation.BeginAsync(Tenant, "key:key-1", default);
        Assert.Equal((2, "running", "key:key-1"), (begun.Version, begun.Rotation!.Status, begun.Rotation.RequestedBy));
        var waiting = begun.Rotation.Remaining!.Value;
        Assert.True(waiting > 2 * Rotation.Batch, $"{waiting} waiting");
        Assert.Equal(1, await house.Rotation.ContinueAsync(TimeSpan.Zero, default));

        var done = (await house.Rotation.ListAsync(Tenant, null, 1, default))[0];
        Assert.Equal(("done", waiting, null, 0L), (done.Rotation!.Status, done.Rotation.Resealed, done.Rotation.Remaining, done.Rotation.Unreadable));
        Assert.DoesNotContain(Said, await DumpAsync(), StringComparison.Ordinal);
        Assert.Equal(0L, await database.ScalarAsync("SELECT count(*) FROM agentsystem.recording_blocks WHERE substring(payload from 5 for 4) <> '\\x00000002'"));
        await ReadAllAsync(Rotation.Batch + 8);
    }

    [Fact]
    public async Task Columns_OfTheDatabaseThatHoldSealedValues_AreAllKnownToRotations()
    {
        // Whoever adds one of that type or name says here whether it is sealed.
        string[] others =
        [
            "data_keys.wraps", "root_secrets.kept", "audit_subjects.wrapped_key", "session_conflicts.kept",
        ];
        await using var names = database.Source.CreateCommand("""
            SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'agentsystem' AND column_name ~ '(secret|sealed|wrap|kept|credential|payload)' AND data_type IN ('bytea', 'text', 'json', 'jsonb')
            """);
        await using var reader = await names.ExecuteReaderAsync();
        var found = new List<string>();
        while (await reader.ReadAsync())
        {
            found.Add(reader.GetString(0));
        }

        var known = SealingHouse.Columns.Select(static column => $"{column.Table["agentsystem.".Length..]}.{column.Column}");
        Assert.Empty(found.Except(known).Except(others));
        Assert.Equal(8, SealingHouse.Columns.Count);
    }

    [Fact]
    public async Task Rotation_BegunTwice_IsOne()
    {
        await PlantAsync(sealedRows: 1, plainRows: 0);

        var begun = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => house.Rotation.BeginAsync(Tenant, "key:key-1", default)));
        Assert.All(begun, static key => Assert.Equal(2, key.Version));
        await house.Rotation.ContinueAsync(TimeSpan.Zero, default);

        Assert.Equal(3, (await house.Rotation.BeginAsync(Tenant, "key:key-1", default)).Version);
    }

    [Fact]
    public async Task Rotation_CarriedOnByManyProcesses_SealsEachRowOnceAndEnds()
    {
        await PlantAsync(sealedRows: 0, plainRows: 3 * Rotation.Batch);
        await house.Rotation.BeginAsync(Tenant, "key:key-1", default);
        SealingHouse[] others = [new SealingHouse(database), new SealingHouse(database)];
        while ((await house.Rotation.ListAsync(Tenant, null, 1, default))[0].Rotation!.Status == "running")
        {
            await Task.WhenAll(others.Append(house).Select(static one => one.Rotation.ContinueAsync(TimeSpan.Zero, default)));
        }

        Assert.Equal(0L, await LeftAsync());
        await ReadAllAsync(3 * Rotation.Batch);
        Array.ForEach(others, static other => other.Dispose());
    }

    [Fact]
    public async Task Rotation_OverRowsThatCannotBeOpened_EndsAndCountsThem()
    {
        await PlantAsync(sealedRows: 3, plainRows: 0);
        await database.ScalarAsync("UPDATE agentsystem.recording_blocks SET payload = set_byte(payload, octet_length(payload) - 1, get_byte(payload, octet_length(payload) - 1) # 1) WHERE recording_id = 'rec_0'");
        await database.ScalarAsync("UPDATE agentsystem.responses SET input = '\"sealed:???\"'::json WHERE id = 'resp_1'");

        await house.Rotation.BeginAsync(Tenant, "key:key-1", default);
        Assert.Equal(1, await house.Rotation.ContinueAsync(TimeSpan.Zero, default));

        Assert.Equal(("done", 2L), ((await house.Rotation.ListAsync(Tenant, null, 1, default))[0].Rotation!.Status, (await house.Rotation.ListAsync(Tenant, null, 1, default))[0].Rotation!.Unreadable));
        await Assert.ThrowsAsync<SealException>(() => Recordings.ReadAsync(new RecordingKey(Tenant, "rec_0"), 0, default));
        Assert.Equal("[]", (await Responses.ListAsync(new ResponseScope(Tenant, null, null), new ResponseQuery(10, null), default)).Single(static response => response.Id == "resp_1").Input);
    }

    [Fact]
    public async Task Rotation_OfATenant_LeavesAnothersAlone()
    {
        await PlantAsync(sealedRows: 2, plainRows: 0);
        await house.Box.SealAsync(new SealedPlace(MigratedDatabase.TenantB, "p", "i"), new byte[1], default);
        await house.Rotation.BeginAsync(MigratedDatabase.TenantB, "key:key-2", default);
        await house.Rotation.ContinueAsync(TimeSpan.Zero, default);

        Assert.Equal([1], (await house.Rotation.ListAsync(Tenant, null, 10, default)).Select(static key => key.Version));
        Assert.Equal([2, 1], (await house.Rotation.ListAsync(MigratedDatabase.TenantB, null, 10, default)).Select(static key => key.Version));
    }

    private PostgresRecordingStore Recordings => new(database.Runtime, house.Box, Options.Create(new RecordingsOptions()));

    private PostgresResponseStore Responses => new(database.Runtime, house.Box, Options.Create(new ResponsesOptions()), Options.Create(new RecordingsOptions()), TimeProvider.System);

    /// <summary>As many recordings of one event and responses, and of the latter ones what was written before there was sealing.</summary>
    private async Task PlantAsync(int sealedRows, int plainRows)
    {
        for (var number = 0; number < sealedRows; number++)
        {
            await Responses.AddAsync(
                new StoredResponse(Tenant, $"resp_{number}", "key-1", "user:ada", null, $"rec_{number}", false, ResponseStatus.InProgress, Document, $"[{Document}]", "[]", "{}", Now, null), "me", default);
            await Recordings.WriteAsync("me", [new RecordingBatch(new RecordingKey(Tenant, $"rec_{number}"), 0, [Encoding.UTF8.GetBytes(Said)], RecordingState.Finished)], default);
        }

        await using var plain = database.Source.CreateCommand($"""
            INSERT INTO agentsystem.recordings (tenant_id, id, owner, state, events, heartbeat_at, created_at, expires_at)
                SELECT '{Tenant}', 'rec_' || n, 'me', 'finished', 1, now(), now(), now() + interval '1 day' FROM generate_series({sealedRows}, {sealedRows + plainRows - 1}) AS n;
            INSERT INTO agentsystem.recording_blocks (tenant_id, recording_id, first, count, payload)
                SELECT '{Tenant}', 'rec_' || n, 0, 1, '\x{Convert.ToHexString(EventBlock.Pack([Encoding.UTF8.GetBytes(Said)]))}' FROM generate_series({sealedRows}, {sealedRows + plainRows - 1}) AS n;
            INSERT INTO agentsystem.responses (tenant_id, id, key_id, user_name, recording_id, background, status, request, input, output, result, created_at, expires_at, work)
                SELECT '{Tenant}', 'resp_' || n, 'key-1', 'user:ada', 'rec_' || n, false, 'completed', '{Document}', '[{Document}]', '[]', '{"{}"}', now(), now() + interval '1 day', '{Document}'
                FROM generate_series({sealedRows}, {sealedRows + plainRows - 1}) AS n;
            """);
        await plain.ExecuteNonQueryAsync();
    }

    private static string Document => $$"""{"text":"{{Said}}"}""";

    private async Task ReadAllAsync(int rows)
    {
        for (var number = 0; number < rows; number += 7)
        {
            var page = await Recordings.ReadAsync(new RecordingKey(Tenant, $"rec_{number}"), 0, default);
            Assert.Equal(Said, Encoding.UTF8.GetString(Assert.Single(page!.Events).Span));
            var response = await Responses.FindAsync(new ResponseScope(Tenant, null, null), $"resp_{number}", default);
            Assert.Equal((Document, $"[{Document}]", "[]"), (response!.Request, response.Input, response.Output));
        }
    }

    private async Task<long> LeftAsync() => (long)(await database.ScalarAsync("SELECT count(*) FROM agentsystem.recording_blocks WHERE substring(payload from 1 for 2) <> '\\xa553'"))!;

    /// <summary>What a copy of the database says: texts as they are, bytes as Latin letters.</summary>
    private async Task<string> DumpAsync() => (string)(await database.ScalarAsync("SELECT coalesce(string_agg(row_to_json(r)::text, ' '), '') FROM agentsystem.responses AS r"))!
        + Encoding.Latin1.GetString((byte[])(await database.ScalarAsync("SELECT coalesce(string_agg(payload, ''::bytea), ''::bytea) FROM agentsystem.recording_blocks"))!);
}
