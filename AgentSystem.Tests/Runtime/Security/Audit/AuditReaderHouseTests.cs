using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Security.Audit;
using AgentSystem.Runtime.Security.Audit.Tree;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Runtime.Security.Audit;

public sealed class AuditReaderHouseTests(TestPostgres postgres)
{
    [Fact]
    public async Task List_OfATenant_ShowsNamesInTheClearAndFindsThem()
    {
        await using var house = await AuditHouse.CreateAsync(postgres);
        await WriteAsync(house, "subject:anna", "user:bert");
        await WriteAsync(house, "subject:carla", "thing:1");

        var reader = house.NewReader();
        Assert.Equal("user:bert", Assert.Single(await ListAsync(reader, new AuditFilter(Actor: "subject:anna"))).Target);
        Assert.Equal("anna's", Assert.Single(await ListAsync(reader, new AuditFilter(Target: "user:bert"))).Details["user"]);
        Assert.Empty(await ListAsync(reader, new AuditFilter(Actor: "subject:nobody")));
        Assert.Empty(await reader.ListAsync(MigratedDatabase.TenantA, new AuditFilter(), null, 10, default));
    }

    [Fact]
    public async Task Erase_ASubject_TakesItsNamesAndLeavesEveryProof()
    {
        await using var house = await AuditHouse.CreateAsync(postgres);
        await WriteAsync(house, "subject:anna", "user:bert");
        await house.NewRooter(null).SignAsync(default);
        var (reader, before) = (house.NewReader(), await house.ExportAsync());

        Assert.False(await reader.EraseAsync(MigratedDatabase.TenantA, "subject:anna", default));
        Assert.True(await reader.EraseAsync(Tenants.Default, "subject:anna", default));
        Assert.False(await reader.EraseAsync(Tenants.Default, "anna", default));

        var entry = (await ListAsync(house.NewReader(), new AuditFilter(Action: "thing.")))[0];
        Assert.Equal(("subject:(erased)", "user:bert"), (entry.Actor, entry.Target));
        Assert.Empty(await ListAsync(reader, new AuditFilter(Actor: "subject:anna")));
        Assert.Equal(before.Skip(1), (await house.ExportAsync()).Skip(1));
        Assert.True((await house.NewProofs(null).VerifyAsync(default)).Valid);
    }

    [Fact]
    public async Task Erase_ThenMetAgain_IsAnotherSubject()
    {
        await using var house = await AuditHouse.CreateAsync(postgres);
        await WriteAsync(house, "subject:anna", "thing:1");
        await house.NewReader().EraseAsync(Tenants.Default, "anna", default);
        Assert.True(await house.NewLog().WriteAsync(AuditHouse.Event("thing:2", actor: "subject:anna"), default));

        var actors = (await ListAsync(house.NewReader(), new AuditFilter(Action: "thing.change"))).Select(static entry => entry.Actor);
        Assert.Equal(["subject:anna", "subject:(erased)"], actors);
    }

    [Fact]
    public async Task Find_AnEntry_ProvesItselfUpToTheSignedRoot()
    {
        await using var house = await AuditHouse.CreateAsync(postgres);
        await house.WriteAsync(6);
        await house.NewRooter(null).SignAsync(default);
        await house.WriteAsync(1);
        using var key = new AuditPublicKey(house.NewProofs(null).Key.PublicKey);
        var entries = await house.EntriesAsync();

        foreach (var entry in entries.Take(7))
        {
            var proof = (await house.NewReader().FindAsync(Tenants.Default, entry.Id, default))!;
            var (inclusion, root) = (proof.Inclusion!, Root(proof.Inclusion!.Root));
            var hash = AuditEntry.HashOf(Convert.FromHexString(proof.Previous), proof.Body);
            Assert.Equal(proof.Entry.Hash, Convert.ToHexStringLower(hash));
            Assert.Equal(inclusion.LeafHash, Convert.ToHexStringLower(MerkleTree.Leaf(hash)));
            Assert.True(MerkleTree.Includes(MerkleTree.Leaf(hash), inclusion.Leaf, root.Size, [.. inclusion.Path.Select(static step => Convert.FromHexString(step))], root.Hash));
            Assert.True(key.Verifies(root));
        }

        Assert.Null((await house.NewReader().FindAsync(Tenants.Default, entries[7].Id, default))!.Inclusion);
        Assert.Null(await house.NewReader().FindAsync(MigratedDatabase.TenantA, entries[1].Id, default));
    }

    [Fact]
    public async Task Consistency_OfTwoRoots_ShowsThatTheLaterGoesOnFromTheEarlier()
    {
        await using var house = await AuditHouse.CreateAsync(postgres);
        foreach (var count in new[] { 2, 4, 1 })
        {
            await house.WriteAsync(count);
            await house.NewRooter(null).SignAsync(default);
        }

        var roots = await house.NewReader().RootsAsync(null, 10, default);
        Assert.Equal([8L, 7L, 3L], roots.Select(static root => root.Size));
        foreach (var (from, to) in new[] { (3L, 7L), (3L, 8L), (7L, 8L), (8L, 8L) })
        {
            var proof = (await house.NewReader().ConsistencyAsync(from, to, default))!;
            Assert.True(MerkleTree.IsConsistent(from, Root(proof.From).Hash, to, Root(proof.To).Hash, [.. proof.Path.Select(static step => Convert.FromHexString(step))]));
        }

        Assert.Null(await house.NewReader().ConsistencyAsync(4, 8, default));
        Assert.Equal([7L, 3L], (await house.NewReader().RootsAsync(8, 10, default)).Select(static root => root.Size));
    }

    [Fact]
    public async Task Root_AndEntry_AreVerifiedByOpensslAlone()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/openssl"), "openssl is not installed: apt-get install openssl.");
        await using var house = await AuditHouse.CreateAsync(postgres);
        await house.WriteAsync(3);
        await house.NewRooter(null).SignAsync(default);
        var (root, entry, folder) = ((await house.NewReader().RootsAsync(null, 1, default))[0], (await house.EntriesAsync())[2], Directory.CreateTempSubdirectory("audit-openssl-"));
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "key.pem"), house.NewProofs(null).Key.PublicKey);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "root.txt"), root.SignedText);
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "root.sig"), Convert.FromBase64String(root.Signature));
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "entry"), [.. entry.Previous, .. System.Text.Encoding.UTF8.GetBytes(entry.Body)]);

            Assert.Contains("Verified OK", await OpensslAsync(folder.FullName, "dgst", "-sha256", "-verify", "key.pem", "-signature", "root.sig", "root.txt"), StringComparison.Ordinal);
            Assert.Contains(Convert.ToHexStringLower(entry.Hash), await OpensslAsync(folder.FullName, "dgst", "-sha256", "entry"), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string> OpensslAsync(string folder, params string[] arguments)
    {
        using var openssl = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("/usr/bin/openssl", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true })!;
        var output = await openssl.StandardOutput.ReadToEndAsync();
        await openssl.WaitForExitAsync();
        return output;
    }

    private static Task<IReadOnlyList<AuditEntryView>> ListAsync(AuditReader reader, AuditFilter filter) => reader.ListAsync(Tenants.Default, filter, null, 10, default);

    private static AuditRoot Root(AuditRootView view) => new(view.Size, Convert.FromHexString(view.Hash), view.At, Convert.FromBase64String(view.Signature), view.KeyId);

    private static async Task WriteAsync(AuditHouse house, string actor, string on) =>
        Assert.True(await house.Log.WriteAsync(new AuditEvent(Tenants.Default, actor, "thing.change", on, AuditDecision.Allowed, null, new Dictionary<string, string> { ["user"] = "anna's" }), default));
}
