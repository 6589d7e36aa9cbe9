using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Security.Audit;
using AgentSystem.Runtime.Security.Audit.Postgres;
using AgentSystem.Runtime.Security.Audit.Tree;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Runtime.Security.Audit;

/// <summary>What somebody does who owns the database, and whether it is found: there, and in an export that knows nothing but the public key.</summary>
public sealed class TamperedLogHouseTests(TestPostgres postgres)
{
    private const int Signed = 9, Unsigned = 3;

    /// <summary>Every way to tamper, the fault that must be named first, and where.</summary>
    public static TheoryData<string, string, string> Tampering => new()
    {
        { "UPDATE agentsystem.audit_entries SET body = replace(body, 'thing:4', 'thing:5') WHERE sequence = 5", "altered", "5" },
        { "UPDATE agentsystem.audit_entries SET hash = set_byte(hash, 0, get_byte(hash, 0) # 1) WHERE sequence = 5", "altered", "5" },
        { "UPDATE agentsystem.audit_entries SET previous = set_byte(previous, 31, get_byte(previous, 31) # 1) WHERE sequence = 5", "broken_link", "5" },
        { "UPDATE agentsystem.audit_entries SET body = replace(body, ',\"v\":1}', ',\"v\": 1}'), hash = sha256(previous || convert_to(replace(body, ',\"v\":1}', ',\"v\": 1}'), 'UTF8')) WHERE sequence = 12", "altered", "12" },
        { "DELETE FROM agentsystem.audit_entries WHERE sequence = 5", "missing", "5" },
        { "DELETE FROM agentsystem.audit_entries WHERE sequence > 7", "missing", "8" },
        { "DELETE FROM agentsystem.audit_entries", "missing", "1" },
        { "WITH gone AS (DELETE FROM agentsystem.audit_leaves WHERE sequence = 5) DELETE FROM agentsystem.audit_entries WHERE sequence = 5", "missing", "6" },
        { "UPDATE agentsystem.audit_entries SET sequence = CASE sequence WHEN 4 THEN 1005 WHEN 5 THEN 1004 END WHERE sequence IN (4, 5); UPDATE agentsystem.audit_entries SET sequence = sequence - 1000 WHERE sequence > 1000", "broken_link", "4" },
        { "UPDATE agentsystem.audit_entries SET sequence = sequence + 1000 WHERE sequence >= 5; UPDATE agentsystem.audit_entries SET sequence = sequence - 999 WHERE sequence > 1000; INSERT INTO agentsystem.audit_entries (tenant_id, stream, sequence, previous, hash, body) SELECT tenant_id, stream, 5, hash, sha256('x'), body FROM agentsystem.audit_entries WHERE sequence = 4", "altered", "5" },
        { "DELETE FROM agentsystem.audit_roots WHERE size = (SELECT max(size) FROM agentsystem.audit_roots)", "missing", "root" },
        { "UPDATE agentsystem.audit_roots SET hash = sha256('x')", "wrong_signature", "root" },
        { "UPDATE agentsystem.audit_roots SET at = '2020-01-01T00:00:00.000000Z'", "wrong_signature", "root" },
        { "UPDATE agentsystem.audit_roots SET key_id = 'another'", "unknown_key", "root" },
    };

    [Fact]
    public async Task Verify_ALogNobodyTouched_FindsNothing()
    {
        await using var house = await PreparedAsync();

        var (there, export) = await LookAsync(house);

        Assert.Empty(there.Problems);
        Assert.Equal((true, Signed + Unsigned + 1L, 0L, 1L, 2L), (there.Valid, there.Entries, there.Withheld, there.Streams, there.Roots));
        Assert.Equal(Signed + 1L, there.SignedEntries);
        Assert.Empty(export.Problems);
        Assert.Equal(4, export.Withheld);
    }

    [Theory]
    [MemberData(nameof(Tampering))]
    public async Task Verify_ALogThatWasTamperedWith_NamesTheFirstFault(string sql, string kind, string where)
    {
        await using var house = await PreparedAsync();
        await house.TamperAsync(sql);

        var (there, export) = await LookAsync(house);

        Assert.False(there.Valid);
        Assert.Equal(kind, there.Problems[0].Kind);
        Assert.Matches(where == "root" ? "^root over" : $"-{where}$", there.Problems[0].Where);
        Assert.False(export.Valid);
    }

    [Fact]
    public async Task Verify_AChainWrittenAnewFromOneEntryOn_IsCaughtByTheSignedRoot()
    {
        await using var house = await PreparedAsync();
        var previous = (byte[]?)null;
        foreach (var sequence in Enumerable.Range(5, Signed + Unsigned + 1 - 4))
        {
            var old = await EntryAsync(house, sequence);
            previous ??= old.Previous;
            var body = old.Body.Replace("thing.change", "thing.invent", StringComparison.Ordinal);
            var hash = AuditEntry.HashOf(previous, body);
            await house.TamperAsync($"UPDATE agentsystem.audit_entries SET previous = '\\x{Convert.ToHexString(previous)}', hash = '\\x{Convert.ToHexString(hash)}', body = '{body}' WHERE sequence = {sequence}");
            await house.TamperAsync($"UPDATE agentsystem.audit_leaves SET hash = '\\x{Convert.ToHexString(hash)}' WHERE sequence = {sequence}");
            previous = hash;
        }

        var (there, export) = await LookAsync(house);

        Assert.Equal("wrong_root", there.Problems[0].Kind);
        Assert.Equal("wrong_root", export.Problems[0].Kind);
    }

    [Fact]
    public async Task Verify_AnOldCopyOfTheDatabase_IsCaughtByTheSecondPlace()
    {
        await using var house = await PreparedAsync();
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            var rooter = house.NewRooter(path);
            await rooter.SignAsync(default);
            Assert.True((await house.NewProofs(path).VerifyAsync(default)).Valid);

            // What an old copy would hold: the first root and what it is over.
            await house.TamperAsync("DELETE FROM agentsystem.audit_entries WHERE sequence > 5; DELETE FROM agentsystem.audit_leaves WHERE sequence > 5; DELETE FROM agentsystem.audit_nodes WHERE ((place + 1) << level::int) > 5; DELETE FROM agentsystem.audit_roots WHERE size > 5; UPDATE agentsystem.audit_streams SET rooted = 5");
            Assert.True((await house.NewProofs(null).VerifyAsync(default)).Valid);
            var found = await house.NewProofs(path).VerifyAsync(default);
            Assert.Equal(("rolled_back", "second place, line 2"), (found.Problems[0].Kind, found.Problems[0].Where));

            // Going on from there does not hide it, and the file keeps what it knows.
            var lines = await File.ReadAllLinesAsync(path);
            await house.WriteAsync(20, log: house.NewLog());
            await rooter.SignAsync(default);
            Assert.Contains((await house.NewProofs(path).VerifyAsync(default)).Problems, static problem => problem.Kind == "rolled_back");
            Assert.Equal(lines, await File.ReadAllLinesAsync(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task Verify_AnExportThatWasTamperedWith_NamesTheLineOrTheEntry()
    {
        await using var house = await PreparedAsync();
        var lines = await house.ExportAsync();
        var first = Array.FindIndex(lines, static line => line.Contains("\"type\":\"entry\"", StringComparison.Ordinal));

        Assert.Equal("altered", await FaultAsync([.. lines.Select(static line => line.Replace("thing:4", "thing:7", StringComparison.Ordinal))]));
        Assert.Equal("missing", await FaultAsync([.. lines.Where((_, i) => i != first + 4)]));
        Assert.Equal("missing", await FaultAsync([.. lines.Take(lines.Length - 1)]));
        Assert.Equal("missing", await FaultAsync([.. lines.Take(first + 6)]));
        Assert.Equal("missing", await FaultAsync([.. lines.Take(first + 3), lines[first + 4], lines[first + 3], .. lines.Skip(first + 5)]));
        Assert.Equal("out_of_order", await FaultAsync([.. lines.Take(first + 3), lines[first + 2], .. lines.Skip(first + 3)]));
        Assert.Equal("unreadable", await FaultAsync([.. lines.Take(first + 3), "{}", .. lines.Skip(first + 3)]));
        Assert.Equal("unreadable", await FaultAsync([.. lines.Skip(1)]));
    }

    [Fact]
    public async Task Verify_AnExportSignedByAnotherKey_IsNotOurs()
    {
        await using var house = await PreparedAsync();
        using var other = new AuditSigner(new RootKey("another-root-key-0123456789-0123456789-01"));

        var came = await AuditExportVerifier.VerifyAsync(new StringReader(string.Join('\n', await house.ExportAsync())), null, other.PublicKey, default);

        Assert.All(came.Problems, static problem => Assert.Equal("unknown_key", problem.Kind));
        Assert.Equal(2, came.Problems.Count);
    }

    [Fact]
    public async Task Sign_FromManyProcessesAtOnce_MakesOneTreeOverAllChains()
    {
        await using var house = await AuditHouse.CreateAsync(postgres);
        var logs = Enumerable.Range(0, 4).Select(_ => house.NewLog()).ToList();
        foreach (var round in Enumerable.Range(0, 3))
        {
            await Task.WhenAll(logs.Select(log => house.WriteAsync(5 + round, log: log)));
            await Task.WhenAll(logs.Select(_ => house.NewRooter(null).SignAsync(default)));
        }

        var came = await house.NewProofs(null).VerifyAsync(default);

        Assert.Empty(came.Problems);
        Assert.Equal((4L, 4 * (1 + 5 + 6 + 7L)), (came.Streams, came.Entries));
        await house.NewRooter(null).SignAsync(default);
        Assert.Equal(came.Entries, (await house.NewProofs(null).VerifyAsync(default)).SignedEntries);
    }

    private static async Task<string> FaultAsync(string[] lines)
    {
        using var key = new AuditSigner(new RootKey(AuditHouse.Root));
        var came = await AuditExportVerifier.VerifyAsync(new StringReader(string.Join('\n', lines)), null, key.PublicKey, default);
        Assert.False(came.Valid);
        return came.Problems[0].Kind;
    }

    private static async Task<(AuditVerification There, AuditVerification Export)> LookAsync(AuditHouse house)
    {
        using var key = new AuditSigner(new RootKey(AuditHouse.Root));
        return (await house.NewProofs(null).VerifyAsync(default), await AuditExportVerifier.VerifyAsync(new StringReader(string.Join('\n', await house.ExportAsync())), null, key.PublicKey, default));
    }

    private static async Task<AuditEntry> EntryAsync(AuditHouse house, int sequence)
    {
        foreach (var tenant in new[] { Tenants.Default, MigratedDatabase.TenantA })
        {
            if ((await house.EntriesAsync(tenant)).FirstOrDefault(entry => entry.Sequence == sequence) is { } found)
            {
                return found;
            }
        }

        throw new InvalidOperationException($"No entry {sequence}.");
    }

    /// <summary>One chain: its beginning, four entries, a root; five more, four of them another tenant's, and a root; three that are not signed yet.</summary>
    private async Task<AuditHouse> PreparedAsync()
    {
        var house = await AuditHouse.CreateAsync(postgres);
        await house.WriteAsync(4);
        await house.NewRooter(null).SignAsync(default);
        await house.WriteAsync(4, MigratedDatabase.TenantA);
        await house.WriteAsync(1);
        await house.NewRooter(null).SignAsync(default);
        await house.WriteAsync(Unsigned);
        return house;
    }
}
