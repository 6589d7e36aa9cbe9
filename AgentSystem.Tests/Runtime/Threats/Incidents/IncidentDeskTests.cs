using System.Diagnostics.Metrics;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Security.Audit;
using AgentSystem.Runtime.Threats;
using AgentSystem.Runtime.Threats.Containment;
using AgentSystem.Runtime.Threats.Incidents;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AgentSystem.Tests.Runtime.Threats.Incidents;

/// <summary>What the policy does about reports by itself, what people do, and what happens when the audit log cannot be written.</summary>
public sealed class IncidentDeskTests
{
    private static readonly ActingFor Ada = new("default", "key:key_ada", "ada", "req_1");

    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero));
    private readonly MemoryThreatStores stores = new();
    private readonly SwitchedAudit audit = new();
    private readonly ContainmentBoard board;

    public IncidentDeskTests() => board = new ContainmentBoard(clock);

    [Theory]
    [InlineData(AutomaticContainment.Throttle, IncidentKinds.Scanning, "key:k", ContainmentKind.Throttle)]
    [InlineData(AutomaticContainment.Throttle, IncidentKinds.RepeatedBlocks, "user:u", ContainmentKind.Throttle)]
    [InlineData(AutomaticContainment.Quarantine, IncidentKinds.CostJump, "key:k", ContainmentKind.Quarantine)]
    [InlineData(AutomaticContainment.Off, IncidentKinds.Scanning, "key:k", null)]
    [InlineData(AutomaticContainment.Quarantine, IncidentKinds.HighThreat, "key:k", null)]
    [InlineData(AutomaticContainment.Quarantine, IncidentKinds.Failures, "key:k", null)]
    [InlineData(AutomaticContainment.Quarantine, IncidentKinds.Scanning, "address:192.0.2.1", null)]
    [InlineData(AutomaticContainment.Quarantine, IncidentKinds.CanarySeen, "agent:a", null)]
    public async Task Report_UnderAPolicy_IsContainedByItOrLeftToAPerson(AutomaticContainment policy, string kind, string subject, ContainmentKind? expected)
    {
        var incident = await Desk(policy).ReportAsync(new IncidentReport("default", kind, subject, ScreenSeverity.High, "seen"), default);

        Assert.Equal(expected, stores.Placed.SingleOrDefault()?.Kind);
        Assert.Equal(expected is null ? IncidentStatus.Open : IncidentStatus.Contained, incident.Status);
        if (expected is not null)
        {
            var placed = stores.Placed[0];
            Assert.Equal((subject, "system", clock.GetUtcNow().AddMinutes(15), incident.Id), (placed.Scope, placed.PlacedBy, placed.ExpiresAt!.Value, placed.IncidentId));
            Assert.Equal(("system", "containment.place", subject), (audit.Written[0].Actor, audit.Written[0].Action, audit.Written[0].Object));
            Assert.Equal(1, board.Current.Count);
        }
    }

    [Fact]
    public async Task Act_OfAPersonThatCannotBeRecorded_IsNotDone()
    {
        var desk = Desk();
        var incident = await desk.ReportAsync(new IncidentReport("default", IncidentKinds.HighThreat, "key:k", ScreenSeverity.High, "seen"), default);
        audit.Away = true;

        Assert.False((await desk.ContainAsync(incident, ContainmentKind.Quarantine, null, Ada, default)).IsAudited);
        Assert.False((await desk.ResolveAsync(incident, "done", lift: true, Ada, default)).IsAudited);
        Assert.Empty(stores.Placed);
        Assert.Equal(IncidentStatus.Open, stores.Incidents[0].Status);
    }

    [Fact]
    public async Task Act_OfThePolicyThatCannotBeRecorded_ProtectsAllTheSame()
    {
        audit.Away = true;
        await Desk().ReportAsync(new IncidentReport("default", IncidentKinds.Scanning, "key:k", ScreenSeverity.High, "seen"), default);

        Assert.NotNull(board.Current.Throttles("default", "key:k"));
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public async Task Resolve_LiftsWhatWasPlacedForItWhenAsked(bool lift, int left)
    {
        var desk = Desk();
        var incident = await desk.ReportAsync(new IncidentReport("default", IncidentKinds.Scanning, "key:k", ScreenSeverity.High, "seen"), default);
        var resolved = await desk.ResolveAsync(incident, "done", lift, Ada, default);

        Assert.Equal((IncidentStatus.Resolved, "ada", "done", left), (resolved.Value!.Status, resolved.Value.ResolvedBy, resolved.Value.Note, board.Current.Count));
    }

    [Fact]
    public async Task Note_NeverWaitsAndKeepsTheOrder()
    {
        var desk = Desk();
        for (var i = 0; i < 2_000; i++)
        {
            desk.Note(new IncidentReport("default", IncidentKinds.HighThreat, $"key:{i}", ScreenSeverity.High, "seen"));
        }

        Assert.Equal("key:0", (await desk.Waiting.ReadAsync(TestContext.Current.CancellationToken)).Subject);
        Assert.Equal(999, desk.Waiting.Count);
    }

    private IncidentDesk Desk(AutomaticContainment policy = AutomaticContainment.Throttle)
    {
        var telemetry = new ThreatTelemetry(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());
        return new IncidentDesk(stores, new ContainmentDesk(stores, board, telemetry, clock, audit), telemetry, Options.Create(new ThreatsOptions { Automatic = policy }), clock);
    }

    private sealed class SwitchedAudit : IAuditLog
    {
        public bool Away { get; set; }

        public List<AuditEvent> Written { get; } = [];

        public Task<bool> WriteAsync(AuditEvent audited, CancellationToken cancellation)
        {
            Written.Add(audited);
            return Task.FromResult(!Away);
        }

        public void Note(AuditEvent audited) => Written.Add(audited);
    }
}
