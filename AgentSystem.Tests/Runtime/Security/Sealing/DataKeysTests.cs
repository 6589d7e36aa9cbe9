using AgentSystem.Runtime.Security.Sealing;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace AgentSystem.Tests.Runtime.Security.Sealing;

public sealed class DataKeysTests(TestPostgres postgres)
{
    private const string Tenant = MigratedDatabase.TenantA;

    [Fact]
    public async Task ForSealing_ManyProcessesAtOnce_NeverSealMoreWithOneKeyThanItsBound()
    {
        await using var database = await MigratedDatabase.CreateAsync(postgres);
        var bounds = new SealingBounds(MostSeals: 40, Lease: 7, TimeSpan.FromMinutes(1));
        SealingHouse[] houses = [.. Enumerable.Range(0, 3).Select(_ => new SealingHouse(database, bounds: bounds))];

        var used = await Task.WhenAll(houses.SelectMany(house => Enumerable.Range(0, 60).Select(_ => Task.Run(async () => (await house.Keys.ForSealingAsync(Tenant, default)).Version))));

        Assert.All(used.GroupBy(static version => version), version => Assert.InRange(version.Count(), 1, 40));
        Assert.All(Enumerable.Range(1, used.Max()), version => Assert.Contains(version, used));
        Array.ForEach(houses, static house => house.Dispose());
    }

    [Fact]
    public async Task ForSealing_AfterAnotherProcessRotated_TakesTheNewVersionWithinTheTrust()
    {
        await using var database = await MigratedDatabase.CreateAsync(postgres);
        var time = new FakeTimeProvider();
        using SealingHouse one = new(database, time: time), other = new(database, time: time);
        Assert.Equal(1, (await one.Keys.ForSealingAsync(Tenant, default)).Version);

        Assert.Equal(2, await other.RotateAsync(Tenant));
        Assert.Equal(2, (await other.Keys.ForSealingAsync(Tenant, default)).Version);
        Assert.Equal(1, (await one.Keys.ForSealingAsync(Tenant, default)).Version);

        time.Advance(SealingBounds.Default.Trust);
        Assert.Equal(2, (await one.Keys.ForSealingAsync(Tenant, default)).Version);
    }

    [Fact]
    public async Task ForSealing_AfterTheTrustWithoutRotation_GoesOnWithWhatIsLeftOfTheRight()
    {
        await using var database = await MigratedDatabase.CreateAsync(postgres);
        var time = new FakeTimeProvider();
        using var house = new SealingHouse(database, time: time, bounds: new SealingBounds(100, 10, TimeSpan.FromSeconds(1)));
        for (var seal = 0; seal < 10; seal++)
        {
            await house.Keys.ForSealingAsync(Tenant, default);
            time.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.Equal(10L, await database.ScalarAsync("SELECT seals FROM agentsystem.data_keys"));
        await house.Keys.ForSealingAsync(Tenant, default);
        Assert.Equal(20L, await database.ScalarAsync("SELECT seals FROM agentsystem.data_keys"));
    }

    [Fact]
    public async Task ForOpening_AnOlderVersion_GoesOnAfterARotation()
    {
        await using var database = await MigratedDatabase.CreateAsync(postgres);
        using var house = new SealingHouse(database);
        var place = new SealedPlace(Tenant, "p", "i");
        var stored = await house.Box.SealAsync(place, "value"u8.ToArray(), default);
        await house.RotateAsync(Tenant);

        using var later = new SealingHouse(database);
        Assert.Equal("value"u8.ToArray(), (await later.Box.OpenAsync(place, stored, default)).Require());
    }
}
