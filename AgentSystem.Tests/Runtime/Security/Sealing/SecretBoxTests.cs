using AgentSystem.Runtime.Security.Sealing;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Runtime.Security.Sealing;

public sealed class SecretBoxTests(TestPostgres postgres)
{
    private static readonly SealedPlace Place = new(MigratedDatabase.TenantA, "webhooks.secret", "wh_1");
    private static readonly byte[] Value = "a secret"u8.ToArray();

    [Fact]
    public async Task Open_InAnotherProcess_GivesTheValue()
    {
        await using var database = await MigratedDatabase.CreateAsync(postgres);
        using SealingHouse one = new(database), other = new(database);

        Assert.Equal(Value, (await other.Box.OpenAsync(Place, await one.Box.SealAsync(Place, Value, default), default)).Require());
    }

    [Fact]
    public async Task Open_InAnotherRowPurposeOrTenant_FailsAndNamesTheCure()
    {
        await using var database = await MigratedDatabase.CreateAsync(postgres);
        using var house = new SealingHouse(database);
        var stored = await house.Box.SealAsync(Place, Value, default);
        // Both tenants have a key of version 1, so that nothing but the place is another.
        await house.Box.SealAsync(Place with { Tenant = MigratedDatabase.TenantB }, Value, default);

        foreach (var moved in new[] { Place with { Id = "wh_2" }, Place with { Purpose = "tools.credential" }, Place with { Tenant = MigratedDatabase.TenantB } })
        {
            var opened = await house.Box.OpenAsync(moved, stored, default);
            Assert.Null(opened.Value);
            Assert.Equal(SealFailureReason.Altered, opened.Failure!.Reason);
            Assert.Contains("restore it from a backup", opened.Failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Open_WhatIsNotAsItWas_FailsWithItsReason()
    {
        await using var database = await MigratedDatabase.CreateAsync(postgres);
        using var house = new SealingHouse(database);
        var stored = await house.Box.SealAsync(Place, Value, default);
        byte[] newer = [.. stored], missing = [.. stored];
        newer[2] = 2;
        missing[7] = 9;

        Assert.Equal(SealFailureReason.NotSealed, await ReasonAsync(house, Value));
        Assert.Equal(SealFailureReason.NotSealed, await ReasonAsync(house, []));
        Assert.Equal(SealFailureReason.NewerFormat, await ReasonAsync(house, newer));
        Assert.Equal(SealFailureReason.KeyMissing, await ReasonAsync(house, missing));
        Assert.Equal(SealFailureReason.Altered, await ReasonAsync(house, stored[..5]));
        Assert.Equal(SealFailureReason.Altered, await ReasonAsync(house, stored[..^1]));
        var failure = Assert.Throws<SealException>(() => new Opened(null, new SealFailure(SealFailureReason.Altered, "why")).Require());
        Assert.Equal(("why", SealFailureReason.Altered), (failure.Message, failure.Failure.Reason));
    }

    [Fact]
    public async Task SealAndOpen_UnderARootSecretTheDatabaseDoesNotKnow_FailAndMakeNoKey()
    {
        await using var database = await MigratedDatabase.CreateAsync(postgres);
        using SealingHouse house = new(database), stranger = new(database, SealingHouse.Second);
        var stored = await house.Box.SealAsync(Place, Value, default);

        var opened = await stranger.Box.OpenAsync(Place, stored, default);
        Assert.Equal(SealFailureReason.OtherRoot, opened.Failure!.Reason);
        Assert.Contains("AGENTSYSTEM_ROOT_KEY_PREVIOUS", opened.Failure.Message, StringComparison.Ordinal);
        Assert.Equal(SealFailureReason.OtherRoot, (await Assert.ThrowsAsync<SealException>(async () => await stranger.Box.SealAsync(Place with { Tenant = MigratedDatabase.TenantB }, Value, default))).Failure.Reason);
        Assert.Equal(1L, await database.ScalarAsync("SELECT count(*) FROM agentsystem.data_keys"));
    }

    [Fact]
    public async Task Seal_OfATenant_LeavesNoKeyInPlainInTheDatabase()
    {
        await using var database = await MigratedDatabase.CreateAsync(postgres);
        using var house = new SealingHouse(database);
        await house.Box.SealAsync(Place, Value, default);
        var key = (await house.Keys.ForSealingAsync(Place.Tenant, default)).Key;

        var row = (string)(await database.ScalarAsync("SELECT wraps::text FROM agentsystem.data_keys"))!;
        Assert.DoesNotContain(Convert.ToBase64String(key).TrimEnd('='), row, StringComparison.Ordinal);
    }

    private static async Task<SealFailureReason?> ReasonAsync(SealingHouse house, byte[] stored) => (await house.Box.OpenAsync(Place, stored, default)).Failure?.Reason;
}
