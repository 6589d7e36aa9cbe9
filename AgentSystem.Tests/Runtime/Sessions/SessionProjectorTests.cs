using AgentSystem.Contracts.Sessions;
using AgentSystem.Runtime.Sessions;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Runtime.Sessions;

public sealed class SessionProjectorTests(TestPostgres postgres)
{
    private static readonly SessionName Name = new("assistant", "s");

    [Fact]
    public async Task Projector_WhatAProcessThatDiedHadAccepted_IsAppliedByAnother()
    {
        await using var died = await SessionsOnPostgres.CreateAsync(postgres);
        Assert.Null((await died.Store.AcceptAsync(Changes.Of(Name, Changes.Replace("k", "1")), default)).Refusal);
        Assert.Null(await ReadAsync(died));

        await using var other = SessionsOnPostgres.On(died.Source);
        await other.Projector.StartAsync(default);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        SessionView? view;
        while ((view = await ReadAsync(other)) is null)
        {
            patience.Token.ThrowIfCancellationRequested();
        }

        await other.Projector.StopAsync(default);
        Assert.Equal("1", view.State["k"].GetRawText());
        Assert.InRange(other.Telemetry.Percentile99(), 0.000_001, 60);
        Assert.Equal(0, died.Telemetry.Percentile99());
    }

    [Fact]
    public async Task Projector_AfterTheirTime_ClearsOldAnswersOnly()
    {
        await using var sessions = await SessionsOnPostgres.CreateAsync(postgres, ("KeepHours", "1"));
        await sessions.Store.ChangeAsync(Changes.Of(Name, Changes.Replace("k", "1")) with { Request = new RepeatedRequest("old", [1]) }, default);
        await sessions.Store.ChangeAsync(Changes.Of(Name, Changes.Replace("k", "1")) with { Request = new RepeatedRequest("new", [1]) }, default);
        await using var age = sessions.Source.CreateCommand("UPDATE agentsystem.session_requests SET at = at - interval '2 hours' WHERE id = 'old'");
        await age.ExecuteNonQueryAsync();

        await sessions.Projector.StartAsync(default);
        await using var left = sessions.Source.CreateCommand("SELECT string_agg(id, ',') FROM agentsystem.session_requests");
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (await left.ExecuteScalarAsync() is not "new")
        {
            patience.Token.ThrowIfCancellationRequested();
        }

        await sessions.Projector.StopAsync(default);
    }

    private static Task<SessionView?> ReadAsync(SessionsOnPostgres sessions) => sessions.Store.ReadAsync(new SessionScope(Changes.Tenant, null), Name, new SessionRead(), default);
}
