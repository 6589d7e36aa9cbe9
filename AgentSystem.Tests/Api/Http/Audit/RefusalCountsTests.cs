using AgentSystem.Api.Http.Audit;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Security.Audit;
using Microsoft.Extensions.Options;

namespace AgentSystem.Tests.Api.Http.Audit;

public sealed class RefusalCountsTests
{
    private readonly Noted audit = new();

    [Fact]
    public void Write_AgainAndAgainFromOneAddress_WritesTheFirstAndCountsTheOthers()
    {
        using var counts = new RefusalCounts(audit, Options.Create(new AuditOptions()), TimeProvider.System);

        Assert.Equal([true, false, false], Enumerable.Range(0, 3).Select(_ => counts.Write(Tenants.Default, "address:10.0.0.1")));
        counts.Tell();

        var told = Assert.Single(audit.Events);
        Assert.Equal(("address:10.0.0.1", "2"), (told.Actor, told.Details!["more_in_a_minute"]));
        Assert.True(counts.Write(Tenants.Default, "address:10.0.0.1"));
    }

    [Fact]
    public void Write_FromMoreAddressesThanAreNamed_CountsTheRestTogether()
    {
        using var counts = new RefusalCounts(audit, Options.Create(new AuditOptions { MaxAddressesPerMinute = 2 }), TimeProvider.System);

        Assert.Equal([true, true, false, false], Enumerable.Range(0, 4).Select(i => counts.Write(Tenants.Default, $"address:10.0.0.{i}")));
        counts.Tell();

        var told = Assert.Single(audit.Events);
        Assert.Equal(("system", "2"), (told.Actor, told.Details!["more_in_a_minute"]));
    }

    [Fact]
    public void Write_OfOneKey_WritesSoManyAndCountsTheOthers()
    {
        using var counts = new RefusalCounts(audit, Options.Create(new AuditOptions()), TimeProvider.System);

        Assert.Equal(RefusalCounts.MostOfKey, Enumerable.Range(0, RefusalCounts.MostOfKey + 5).Count(_ => counts.Write("tenant-a", "key:key_1")));
        counts.Tell();

        var told = Assert.Single(audit.Events);
        Assert.Equal(("tenant-a", "5"), (told.Tenant, told.Details!["more_in_a_minute"]));
    }

    private sealed class Noted : IAuditLog
    {
        public List<AuditEvent> Events { get; } = [];

        public Task<bool> WriteAsync(AuditEvent audited, CancellationToken cancellation) => throw new InvalidOperationException("Counts are noted.");

        public void Note(AuditEvent audited) => Events.Add(audited);
    }
}
