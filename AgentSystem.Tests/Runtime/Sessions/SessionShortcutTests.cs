using AgentSystem.Runtime.Sessions;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Runtime.Sessions;

/// <summary>Changes that one statement makes, side by side with those that are decided row by row: both leave the same.</summary>
public sealed class SessionShortcutTests(TestPostgres postgres) : IAsyncLifetime
{
    private const int Writers = 8;
    private const int Rounds = 60;

    private SessionsOnPostgres Sessions { get => field ?? throw new InvalidOperationException("Made before each test."); set; }

    public async ValueTask InitializeAsync() => Sessions = await SessionsOnPostgres.CreateAsync(postgres);

    public ValueTask DisposeAsync() => Sessions.DisposeAsync();

    [Fact]
    public async Task Changes_OfAllKindsByManyWriters_LeaveSizesVersionsAndValuesThatAddUp()
    {
        var names = Enumerable.Range(0, 3).Select(i => new SessionName("assistant", $"s{i}")).ToList();
        var made = new int[names.Count];
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var chance = new Random(writer);
            for (var round = 0; round < Rounds; round++)
            {
                var place = chance.Next(names.Count);
                var version = (await Sessions.Store.ReadAsync(new SessionScope(Changes.Tenant, null), names[place], new SessionRead(), default))?.Version ?? 0;
                var value = $"\"{new string('ü', chance.Next(40))}\"";
                var change = chance.Next(4) switch
                {
                    0 => Changes.Of(names[place], Changes.Append("list", $"[{value}]")),
                    1 => Changes.Of(names[place], Changes.Replace("one", value), Changes.Replace("two", value)) with { Match = new SessionMatch(version) },
                    _ => Changes.Of(names[place], Changes.Replace($"key{chance.Next(4)}", value)) with { Match = new SessionMatch(version) },
                };
                var verdict = await Sessions.Store.ChangeAsync(change, default);
                Assert.True(verdict.Done is not null || verdict.Refusal!.Status == 412, verdict.Refusal?.Message);
                if (verdict.Done is not null)
                {
                    Interlocked.Increment(ref made[place]);
                }
            }
        })));

        Assert.Equal(
            0,
            await NumberAsync("""
                SELECT count(*) FROM agentsystem.sessions AS s
                LEFT JOIN LATERAL (SELECT sum(k.bytes) AS bytes, count(*) AS keys, max(k.version) AS version FROM agentsystem.session_keys AS k WHERE k.tenant_id = s.tenant_id AND k.agent = s.agent AND k.session = s.session) AS k ON true
                WHERE s.bytes <> k.bytes OR s.keys <> k.keys OR s.version <> k.version
                """));
        Assert.Equal(made.Sum(), await NumberAsync("SELECT sum(version)::bigint FROM agentsystem.sessions"));
    }

    [Fact]
    public async Task Changes_ThatDoNotHold_AreRefusedForTheirOwnReasonBesideThoseThatDo()
    {
        var (here, theirs, gone) = (new SessionName("assistant", "here"), new SessionName("assistant", "theirs"), new SessionName("assistant", "gone"));
        foreach (var name in new[] { here, theirs, gone })
        {
            await Sessions.Store.ChangeAsync(Changes.Of(name, Changes.Replace("a", "1")), default);
        }

        await Sessions.Store.ChangeAsync(Changes.Of(gone), default);
        var verdicts = await Task.WhenAll(
            At(here, "2", 1), At(theirs, "2", 1, user: "user:somebody"), At(gone, "2", 1), At(new SessionName("assistant", "never"), "2", 1), At(new SessionName("assistant", "bad"), "\"\\u0000\"", 1));

        Assert.Equal([null, 404, 412, 412, 412], verdicts.Select(verdict => verdict.Refusal?.Status));
        Assert.Equal(2, verdicts[0].Done!.Version);
        Assert.Equal(412, (await At(here, "3", 1)).Refusal!.Status);
    }

    private async Task<long> NumberAsync(string sql)
    {
        await using var command = Sessions.Source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private Task<SessionVerdict> At(SessionName name, string json, long version, string? user = null) => Sessions.Store.ChangeAsync(
        Changes.Of(name, Changes.Replace("a", json)) with { Scope = new SessionScope(Changes.Tenant, user), Match = new SessionMatch(version) }, default);
}
