using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Security.Audit;
using AgentSystem.Runtime.Security.Audit.Tree;
using AgentSystem.Runtime.Security.Sealing;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.Options;

namespace AgentSystem.Tests.Runtime.Security.Sealing;

public sealed class RootSecretsTests(TestPostgres postgres)
{
    private static readonly SealedPlace Place = new(MigratedDatabase.TenantA, "p", "i");
    private static readonly byte[] Value = "value"u8.ToArray();

    [Fact]
    public async Task Ensure_WithTheFormerSecretGiven_KeepsEverythingThatMustOutliveIt()
    {
        await using var database = await MigratedDatabase.CreateAsync(postgres);
        using var before = new SealingHouse(database);
        var stored = await before.Box.SealAsync(Place, Value, default);
        var (hash, subject) = (new KeySecrets(before.Root).Hash("as-key"), new AuditSeal(before.Root).Make("default", [1]));

        using var during = new SealingHouse(database, SealingHouse.Second, SealingHouse.First);
        Assert.Null(await during.Roots.EnsureAsync(default));
        using var after = new SealingHouse(database, SealingHouse.Second);
        Assert.Null(await after.Roots.EnsureAsync(default));

        foreach (var house in new[] { during, after })
        {
            Assert.Equal(Value, (await house.Box.OpenAsync(Place, stored, default)).Require());
            Assert.Equal(hash, new KeySecrets(house.Root).Hash("as-key"));
            Assert.NotNull(new AuditSeal(house.Root).Open("default", subject));
        }

        // The key that signs roots is another one: it stands nowhere, so that a copy of the database with the old secret signs nothing new.
        using AuditSigner old = new(before.Root), signer = new(after.Root);
        Assert.NotEqual(old.PublicKey, signer.PublicKey);
    }

    [Fact]
    public async Task Ensure_OfTheOldSecretAfterTheChangeIsOver_IsRefusedAndTheOldSecretOpensNothing()
    {
        await using var database = await MigratedDatabase.CreateAsync(postgres);
        using (var before = new SealingHouse(database))
        {
            await before.Box.SealAsync(Place, Value, default);
        }

        using (SealingHouse during = new(database, SealingHouse.Second, SealingHouse.First), after = new(database, SealingHouse.Second))
        {
            await during.Roots.EnsureAsync(default);
            await after.Roots.EnsureAsync(default);
        }

        using var old = new SealingHouse(database);
        Assert.Contains("AGENTSYSTEM_ROOT_KEY", await old.Roots.EnsureAsync(default), StringComparison.Ordinal);
        await Assert.ThrowsAsync<OptionsValidationException>(() => old.Roots.RequireAsync(default));
        Assert.Equal(0L, await database.ScalarAsync($"SELECT count(*) FROM agentsystem.data_keys WHERE wraps ? '{old.Root.Id}'"));
        Assert.Equal(0L, await database.ScalarAsync($"SELECT count(*) FROM agentsystem.root_secrets WHERE root_id = '{old.Root.Id}'"));
    }

    [Fact]
    public async Task Ensure_WhileOldProcessesStillRun_LetsBothReadEachOthersValues()
    {
        await using var database = await MigratedDatabase.CreateAsync(postgres);
        using SealingHouse old = new(database), young = new(database, SealingHouse.Second, SealingHouse.First);
        await old.Roots.EnsureAsync(default);
        await young.Roots.EnsureAsync(default);

        // Neither has met the tenant before: each makes or finds its key in the database.
        var (mine, theirs) = (Place with { Tenant = MigratedDatabase.TenantA }, Place with { Tenant = MigratedDatabase.TenantB });
        var (byYoung, byOld) = (await young.Box.SealAsync(mine, Value, default), await old.Box.SealAsync(theirs, Value, default));

        Assert.Equal(Value, (await old.Box.OpenAsync(mine, byYoung, default)).Require());
        Assert.Equal(Value, (await young.Box.OpenAsync(theirs, byOld, default)).Require());
    }

    [Fact]
    public async Task Ensure_OfTheNewSecretAloneTooEarly_IsRefusedAndForgetsNothing()
    {
        await using var database = await MigratedDatabase.CreateAsync(postgres);
        using SealingHouse old = new(database), during = new(database, SealingHouse.Second, SealingHouse.First);
        await old.Roots.EnsureAsync(default);
        await during.Roots.EnsureAsync(default);
        // An old process makes a key after the new one wrapped those there were.
        var stored = await old.Box.SealAsync(Place, Value, default);

        using var early = new SealingHouse(database, SealingHouse.Second);
        Assert.Contains("AGENTSYSTEM_ROOT_KEY_PREVIOUS", await early.Roots.EnsureAsync(default), StringComparison.Ordinal);

        using SealingHouse again = new(database, SealingHouse.Second, SealingHouse.First), late = new(database, SealingHouse.Second);
        Assert.Null(await again.Roots.EnsureAsync(default));
        Assert.Null(await late.Roots.EnsureAsync(default));
        Assert.Equal(Value, (await late.Box.OpenAsync(Place, stored, default)).Require());
    }

    [Fact]
    public async Task Ensure_ManyProcessesAtOnce_KeepOneFirstSecret()
    {
        await using var database = await MigratedDatabase.CreateAsync(postgres);
        SealingHouse[] houses = [.. Enumerable.Range(0, 4).Select(number => number % 2 == 0 ? new SealingHouse(database, SealingHouse.Second, SealingHouse.First) : new SealingHouse(database))];

        await Task.WhenAll(houses.Select(static house => Task.Run(() => house.Roots.EnsureAsync(default))));

        Assert.Single(houses.Select(static house => Convert.ToHexString(house.Root.Derive("key-pepper"))).Distinct());
        Array.ForEach(houses, static house => house.Dispose());
    }
}
