using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Security.Postgres;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Conformance;

/// <summary>What every <see cref="IKeyStore"/> keeps to.</summary>
public abstract class KeyStoreConformance : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private IKeyStore Store { get => field ?? throw new InvalidOperationException("The store is made before each test."); set; }

    public async ValueTask InitializeAsync() => Store = await CreateAsync();

    public abstract ValueTask DisposeAsync();

    [Fact]
    public async Task FindByHash_KeptKey_GivesEveryMemberBack()
    {
        var key = Key("k1") with
        {
            View = Key("k1").View with
            {
                Team = "team", User = "u1", Scopes = [Scopes.Chat, Scopes.Metrics], Agents = ["assistant"], Tools = ["clock"],
                Limits = new KeyLimits(1, 2, 3), ExpiresAt = Noon.AddDays(1), RevokedAt = Noon.AddHours(1), LastUsedAt = Noon.AddMinutes(1),
            },
        };
        await Store.AddAsync(key, default);
        var found = await Store.FindByHashAsync(key.Hash, default);
        Assert.Equivalent(key, found, strict: true);
        Assert.Null(await Store.FindByHashAsync(Hash("another"), default));
    }

    [Fact]
    public async Task List_OfOneTenant_IsNewestFirst()
    {
        await Store.AddAsync(Key("old"), default);
        await Store.AddAsync(Key("new", at: Noon.AddSeconds(1)), default);
        await Store.AddAsync(Key("other", MigratedDatabase.TenantA), default);
        Assert.Equal(["new", "old"], (await Store.ListAsync(Tenants.Default, default)).Select(key => key.Id));
        Assert.Equal(["other"], (await Store.ListAsync(MigratedDatabase.TenantA, default)).Select(key => key.Id));
        Assert.Empty(await Store.ListAsync(MigratedDatabase.TenantB, default));
    }

    [Fact]
    public async Task Page_AfterAKey_GoesOnWhereItStoodAndStaysInItsTenant()
    {
        // Two of the same moment, as a script makes them.
        foreach (var (id, second) in new[] { ("a", 0), ("b", 1), ("c", 1), ("d", 2) })
        {
            await Store.AddAsync(Key(id, at: Noon.AddSeconds(second)), default);
        }

        await Store.AddAsync(Key("other", MigratedDatabase.TenantA), default);
        Assert.Equal(["d", "c"], (await Store.PageAsync(Tenants.Default, null, 2, default)).Select(key => key.Id));
        Assert.Equal(["b", "a"], (await Store.PageAsync(Tenants.Default, "c", 5, default)).Select(key => key.Id));
        Assert.Empty(await Store.PageAsync(Tenants.Default, "other", 5, default));
    }

    [Fact]
    public async Task Revoke_Twice_KeepsTheFirstTime()
    {
        await Store.AddAsync(Key("k1"), default);
        Assert.True(await Store.RevokeAsync(Tenants.Default, "k1", Noon, default));
        Assert.True(await Store.RevokeAsync(Tenants.Default, "k1", Noon.AddHours(1), default));
        Assert.Equal(Noon, (await Store.FindByHashAsync(Hash("k1"), default))!.View.RevokedAt);
    }

    [Fact]
    public async Task Revoke_KeyOfAnotherTenant_DoesNothing()
    {
        await Store.AddAsync(Key("k1"), default);
        Assert.False(await Store.RevokeAsync(MigratedDatabase.TenantA, "k1", Noon, default));
        Assert.False(await Store.RevokeAsync(Tenants.Default, "unknown", Noon, default));
        Assert.Null((await Store.FindByHashAsync(Hash("k1"), default))!.View.RevokedAt);
    }

    [Fact]
    public async Task RevokeOthersNamed_LeavesTheGivenOneAndOtherNames()
    {
        foreach (var (id, name, tenant) in new[] { ("a", "admin", Tenants.Default), ("b", "admin", Tenants.Default), ("c", "other", Tenants.Default), ("d", "admin", MigratedDatabase.TenantA) })
        {
            await Store.AddAsync(Key(id, tenant, name: name), default);
        }

        await Store.RevokeOthersNamedAsync(Tenants.Default, "admin", "b", Noon, default);
        var revoked = (await Store.ListAsync(Tenants.Default, default)).Concat(await Store.ListAsync(MigratedDatabase.TenantA, default)).Where(key => key.RevokedAt is not null);
        Assert.Equal(["a"], revoked.Select(key => key.Id));
    }

    [Fact]
    public async Task Touch_OlderTime_DoesNotGoBack()
    {
        await Store.AddAsync(Key("k1"), default);
        await Store.TouchAsync(Tenants.Default, "k1", Noon, default);
        await Store.TouchAsync(Tenants.Default, "k1", Noon.AddHours(-1), default);
        Assert.Equal(Noon, Assert.Single(await Store.ListAsync(Tenants.Default, default)).LastUsedAt);
    }

    /// <summary>A store that knows the tenants <c>default</c>, <see cref="MigratedDatabase.TenantA"/> and <see cref="MigratedDatabase.TenantB"/>.</summary>
    protected abstract Task<IKeyStore> CreateAsync();

    private static StoredKey Key(string id, string tenant = Tenants.Default, DateTimeOffset? at = null, string name = "name") =>
        new(Hash(id), new KeyView(id, name, "as-12345678", tenant, null, null, [Scopes.Chat], ["*"], ["*"], KeyLimits.None, at ?? Noon, null, null, null));

    private static byte[] Hash(string id) => System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(id));
}

public sealed class PostgresKeyStoreTests(TestPostgres postgres) : KeyStoreConformance
{
    private MigratedDatabase? database;

    public override ValueTask DisposeAsync() => database?.DisposeAsync() ?? ValueTask.CompletedTask;

    protected override async Task<IKeyStore> CreateAsync() => new PostgresKeyStore((database = await MigratedDatabase.CreateAsync(postgres)).Runtime);
}
