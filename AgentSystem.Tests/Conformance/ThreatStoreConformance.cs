using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Threats.Conduct;
using AgentSystem.Runtime.Threats.Containment;
using AgentSystem.Runtime.Threats.Incidents;
using AgentSystem.Runtime.Threats.Intelligence;
using AgentSystem.Runtime.Threats.Postgres;
using AgentSystem.Runtime.Threats.Verdicts;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Conformance;

/// <summary>The stores of threats, which keep what belongs together.</summary>
/// <param name="Containments">Decisions.</param>
/// <param name="Incidents">Incidents.</param>
/// <param name="Intelligence">Lists.</param>
/// <param name="Verdicts">What screening said.</param>
/// <param name="Profiles">Habits.</param>
internal sealed record ThreatStores(IContainmentStore Containments, IIncidentStore Incidents, IIntelligenceStore Intelligence, IVerdictLog Verdicts, IProfileStore Profiles);

/// <summary>What every set of threat stores keeps to.</summary>
public abstract class ThreatStoreConformance : IAsyncLifetime
{
    private const string A = MigratedDatabase.TenantA, B = MigratedDatabase.TenantB;
    private static readonly DateTimeOffset Noon = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    private ThreatStores Stores { get => field ?? throw new InvalidOperationException("The stores are made before each test."); set; }

    public async ValueTask InitializeAsync() => Stores = await CreateAsync();

    public abstract ValueTask DisposeAsync();

    [Fact]
    public async Task Containment_FromPlacingToLifting_IsInForceWhileItIsMeantToBe()
    {
        var store = Stores.Containments;
        var placed = await store.PlaceAsync(new NewContainment(A, ContainmentKind.Throttle, "key:k", "why", "ada", Noon, Noon.AddMinutes(5), 6, "inc_1"), default);
        var longer = await store.PlaceAsync(new NewContainment(A, ContainmentKind.Throttle, "key:k", "again", "bob", Noon, Noon.AddMinutes(9), 6), default);
        await store.PlaceAsync(new NewContainment(B, ContainmentKind.Kill, "everything", "all", "eve", Noon), default);

        Assert.Equal((placed.Id, "why", Noon.AddMinutes(9), true), (longer.Id, longer.Reason, longer.ExpiresAt!.Value, longer.Version > placed.Version));
        Assert.Equal([new Contained(A, placed.Id, ContainmentKind.Throttle, "key:k", 6)], (await store.InForceAsync(Noon, default)).Where(static each => each.Tenant == A));
        Assert.Equal(B, Assert.Single(await store.InForceAsync(Noon.AddMinutes(9), default)).Tenant);
        Assert.Null(await store.LiftAsync(B, placed.Id, "eve", Noon, default));
        var lifted = await store.LiftAsync(A, placed.Id, "ada", Noon.AddMinutes(1), default);
        var twice = await store.LiftAsync(A, placed.Id, "bob", Noon.AddMinutes(2), default);
        Assert.Equal((Noon.AddMinutes(1), "ada", Noon.AddMinutes(1), "ada"), (lifted!.LiftedAt!.Value, lifted.LiftedBy, twice!.LiftedAt!.Value, twice.LiftedBy));
        Assert.DoesNotContain(await store.InForceAsync(Noon, default), static each => each.Tenant == A);
        Assert.Empty(await store.ListAsync(A, Noon, null, null, 9, default));
        Assert.Equal(placed.Id, Assert.Single(await store.ListAsync(A, null, "inc_1", null, 9, default)).Id);
        Assert.NotEqual(placed.Id, (await store.PlaceAsync(new NewContainment(A, ContainmentKind.Throttle, "key:k", "anew", "ada", Noon), default)).Id);
    }

    [Fact]
    public async Task Containment_PlacedByManyAtOnce_IsOne()
    {
        var placed = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Stores.Containments.PlaceAsync(new NewContainment(A, ContainmentKind.Quarantine, "key:k", "why", "ada", Noon), default)));

        Assert.Single(placed.Select(static each => each.Id).Distinct());
    }

    [Fact]
    public async Task Incident_ReportedByManyAtOnce_IsOneUntilItIsResolved()
    {
        var store = Stores.Incidents;
        var report = new IncidentReport(A, IncidentKinds.Scanning, "key:k", ScreenSeverity.Medium, "seen", "req_1", new Dictionary<string, double> { ["failed"] = 3 });
        var reported = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.ReportAsync(report, Noon, default)));
        Assert.Single(reported, static each => each.IsNew);
        var id = reported[0].Incident.Id;
        var (worse, isNew) = await store.ReportAsync(report with { Severity = ScreenSeverity.Critical, Summary = "worse" }, Noon.AddMinutes(1), default);

        Assert.Equal((id, 9, ScreenSeverity.Critical, "worse", Noon, Noon.AddMinutes(1), false), (worse.Id, worse.Reports, worse.Severity, worse.Summary, worse.OpenedAt, worse.LastAt, isNew));
        Assert.Equal(9, (await store.ReportsAsync(A, id, 50, default)).Count);
        Assert.Equal(("req_1", 3.0), ((await store.ReportsAsync(A, id, 50, default))[0].RequestId, (await store.ReportsAsync(A, id, 50, default))[0].Figures["failed"]));
        Assert.True((await store.ReportAsync(report with { Kind = IncidentKinds.CostJump }, Noon, default)).IsNew);
        Assert.True((await store.ReportAsync(report with { Tenant = B }, Noon, default)).IsNew);
        Assert.Equal((IncidentStatus.Contained, "ctm_1"), ((await store.ContainedAsync(A, id, "ctm_1", default))!.Status, (await store.ContainedAsync(A, id, "ctm_1", default))!.Containments.Single()));
        Assert.Null(await store.ResolveAsync(B, id, "eve", null, Noon, default));
        await store.ResolveAsync(A, id, "ada", "done", Noon.AddMinutes(2), default);
        var twice = await store.ResolveAsync(A, id, "bob", "other", Noon.AddMinutes(3), default);
        Assert.Equal((IncidentStatus.Resolved, "ada", "done", Noon.AddMinutes(2)), (twice!.Status, twice.ResolvedBy, twice.Note, twice.ResolvedAt!.Value));
        Assert.Equal(IncidentStatus.Resolved, (await store.ContainedAsync(A, id, "ctm_2", default))!.Status);
        Assert.True((await store.ReportAsync(report, Noon.AddMinutes(4), default)).IsNew);
        Assert.Equal([id], (await store.ListAsync(A, IncidentStatus.Resolved, null, 9, default)).Select(static each => each.Id));
    }

    [Fact]
    public async Task Incident_WithManyReports_KeepsTheFirstAndTheNewest()
    {
        var store = Stores.Incidents;
        var report = new IncidentReport(A, IncidentKinds.Failures, "key:k", ScreenSeverity.Low, "");
        var last = (await store.ReportAsync(report with { Summary = "0" }, Noon, default)).Incident;
        for (var i = 1; i < 60; i++)
        {
            last = (await store.ReportAsync(report with { Summary = $"{i}" }, Noon.AddSeconds(i), default)).Incident;
        }

        var kept = await store.ReportsAsync(A, last.Id, 100, default);
        Assert.Equal((60, 50, "59", "0"), (last.Reports, kept.Count, kept[0].Summary, kept[^1].Summary));
    }

    [Fact]
    public async Task Intelligence_ImportedAgain_ReplacesAndItsVersionGrows()
    {
        var store = Stores.Intelligence;
        Assert.Equal(2, await store.ImportAsync(A, "one", [Range(.5), Range(.5), new(IndicatorKind.Phrase, "a b", 1, Noon)], 2, Noon, default));
        var first = (await store.VersionsAsync(default))[A];
        Assert.Equal(1, await store.ImportAsync(A, "two", [Range(.9)], 2, Noon.AddDays(1), default));
        Assert.Null(await store.ImportAsync(A, "three", [new(IndicatorKind.Domain, "a.example", 1, null)], 2, Noon, default));

        Assert.Equal((true, false), ((await store.VersionsAsync(default))[A] > first, (await store.VersionsAsync(default)).ContainsKey(B)));
        Assert.Equal([Range(.9)], await store.ReadAsync(A, Noon, default));
        Assert.Equal(2, (await store.ReadAsync(A, Noon.AddSeconds(-1), default)).Count);
        var listed = Assert.Single(await store.ListAsync(A, "two", IndicatorKind.Address, null, 9, default));
        Assert.Equal(("192.0.2.0/24", .9, Noon.AddDays(1)), (listed.Value, listed.Confidence, listed.AddedAt));
        Assert.False(await store.RemoveAsync(B, listed.Id, default));
        Assert.Equal((true, 1, 0), (await store.RemoveAsync(A, listed.Id, default), await store.RemoveSourceAsync(A, "one", default), await store.RemoveSourceAsync(A, "one", default)));

        static Indicator Range(double confidence) => new(IndicatorKind.Address, "192.0.2.0/24", confidence, null);
    }

    [Fact]
    public async Task Verdicts_OfSeveralProcesses_AddUpAndOldOnesGo()
    {
        var log = Stores.Verdicts;
        var flagged = new FlaggedInput("flg_1", Noon, "req_1", "assistant", "k", "user:u", ScreenSource.Tool, ScreenVerdict.Blocked, ScreenSeverity.High, .9, ["rule"], "base64");
        VerdictBatch Batch(string tenant, DateTimeOffset at) => new(
            new Dictionary<(string, DateTimeOffset, ScreenVerdict), long> { [(tenant, at, ScreenVerdict.Blocked)] = 1, [(tenant, at, ScreenVerdict.Allowed)] = 5 }, [(tenant, flagged with { Id = $"flg_{tenant}_{at.Ticks}", At = at })]);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => log.WriteAsync(Batch(A, Noon), default)));
        await log.WriteAsync(Batch(B, Noon), default);
        await log.WriteAsync(Batch(A, Noon.AddDays(-1)), default);

        var seen = await log.ReadAsync(A, Noon.AddMinutes(30), 9, default);
        Assert.Equal((20, 0, 4, 2), (seen.Allowed, seen.Monitored, seen.Blocked, seen.Flagged.Count));
        Assert.Equivalent(flagged with { Id = seen.Flagged[0].Id }, seen.Flagged[0], strict: true);
        Assert.Equal(0, (await log.ReadAsync(A, Noon.AddMinutes(61), 9, default)).Allowed);
        Assert.Single(await log.OfSubjectAsync(A, "key:k", Noon, Noon, 9, default));
        Assert.Single(await log.OfSubjectAsync(A, "user:u", Noon, Noon, 9, default));
        Assert.Empty(await log.OfSubjectAsync(A, "user:v", Noon, Noon, 9, default));
        Assert.Equal((2, 0), (await log.CleanAsync(Noon.AddMinutes(-1), 10, default), await log.CleanAsync(Noon.AddMinutes(-1), 10, default)));
        Assert.Single((await log.ReadAsync(A, Noon, 9, default)).Flagged);
    }

    [Fact]
    public async Task Profiles_OfSeveralTenants_AreKeptAndWhoKnowsLessChangesNothing()
    {
        var store = Stores.Profiles;
        var (here, there) = (new ConductSubject(A, "key:k"), new ConductSubject(B, "key:k"));
        await store.WriteAsync([(here, Profile(30, 4)), (there, Profile(20, 3))], Noon, default);
        await store.WriteAsync([(here, Profile(29, 9)), (there, Profile(21, 5))], Noon, default);

        var kept = await store.ReadAsync([here, there, new ConductSubject(A, "key:other")], default);
        Assert.Equal([(A, Profile(30, 4)), (B, Profile(21, 5))], kept.Select(static each => (each.Subject.Tenant, each.Profile)).OrderBy(static each => each.Tenant));

        static ConductProfile Profile(int learned, double mean) => new(new LearnedLevel(learned, mean, .1), new LearnedLevel(learned, mean / 2, .2));
    }

    /// <summary>Stores that know the tenants <see cref="MigratedDatabase.TenantA"/> and <see cref="MigratedDatabase.TenantB"/>, and hold nothing.</summary>
    private protected abstract Task<ThreatStores> CreateAsync();
}

public sealed class PostgresThreatStoresTests(TestPostgres postgres) : ThreatStoreConformance
{
    private MigratedDatabase? database;

    public override ValueTask DisposeAsync() => database?.DisposeAsync() ?? ValueTask.CompletedTask;

    private protected override async Task<ThreatStores> CreateAsync()
    {
        var runtime = (database = await MigratedDatabase.CreateAsync(postgres)).Runtime;
        return new ThreatStores(
            new PostgresContainmentStore(runtime), new PostgresIncidentStore(runtime), new PostgresIntelligenceStore(runtime), new PostgresVerdictLog(runtime), new PostgresProfileStore(runtime));
    }
}
