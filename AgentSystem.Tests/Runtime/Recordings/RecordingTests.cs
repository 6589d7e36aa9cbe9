using System.Text;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Recordings;
using AgentSystem.Runtime.Security;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace AgentSystem.Tests.Runtime.Recordings;

/// <summary>Recordings while they are written, by one process and read by another, over one real database.</summary>
public sealed class RecordingTests(TestPostgres postgres) : IAsyncLifetime
{
    private readonly List<IHost> hosts = [];
    private MigratedDatabase? database;

    public async ValueTask InitializeAsync() => database = await MigratedDatabase.CreateAsync(postgres);

    public async ValueTask DisposeAsync()
    {
        foreach (var host in hosts)
        {
            await host.StopAsync();
            host.Dispose();
        }

        await database!.DisposeAsync();
    }

    [Fact]
    public async Task Follow_InAnotherProcess_SeesEveryEventOnceAndTheEnd()
    {
        var (writing, reading) = (await StartAsync(), await StartAsync());
        using var writer = await BeginAsync(writing);
        var read = ReadAsync(reading, writer.Key);
        for (var i = 0; i < 500; i++)
        {
            writer.Append(Event($"{i}"));
        }

        await writer.EndAsync(RecordingState.Finished, Event("last"));

        var (texts, state) = await read;
        Assert.Equal([.. Enumerable.Range(0, 500).Select(i => $"{i}"), "last"], texts);
        Assert.Equal(RecordingState.Finished, state);
        Assert.True((long)(await database!.ScalarAsync("SELECT count(*) FROM agentsystem.recording_blocks"))! < 50, "The events were written one by one.");
    }

    [Fact]
    public async Task Follow_FromANumber_SkipsWhatCameBefore()
    {
        var host = await StartAsync();
        using var writer = await BeginAsync(host);
        await writer.EndAsync(RecordingState.Failed, Event("a"), Event("b"), Event("c"));

        var (texts, state) = await ReadAsync(host, writer.Key, from: 2);

        Assert.Equal(["c"], texts);
        Assert.Equal(RecordingState.Failed, state);
    }

    [Fact]
    public async Task End_OfManyAtOnce_IsOneCommitForManyOfThem()
    {
        var host = await StartAsync();
        var writers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => BeginAsync(host)));
        await Task.WhenAll(writers.Select(writer => writer.EndAsync(RecordingState.Finished, Event("whole"))));

        // The blocks of one commit have one transaction id.
        var commits = (long)(await database!.ScalarAsync("SELECT count(DISTINCT xmin::text) FROM agentsystem.recording_blocks"))!;
        Assert.True(commits < 16, $"64 ends took {commits} commits.");
    }

    [Fact]
    public async Task Stop_WithAnOpenRecording_AbandonsItWithWhatItHolds()
    {
        var (writing, reading) = (await StartAsync(), await StartAsync());
        using var writer = await BeginAsync(writing);
        writer.Append(Event("so far"));
        await writing.StopAsync();

        var (texts, state) = await ReadAsync(reading, writer.Key);
        Assert.Equal(["so far"], texts);
        Assert.Equal(RecordingState.Abandoned, state);
    }

    [Fact]
    public async Task Lost_WhenSomebodyElseEndedIt_FiresAndNothingMoreIsWritten()
    {
        var host = await StartAsync();
        using var writer = await BeginAsync(host);
        await database!.ScalarAsync($"UPDATE agentsystem.recordings SET state = 'abandoned' WHERE id = '{writer.Key.Id}'");
        writer.Append(Event("too late"));

        await StreamChatTests.UntilAsync(() => writer.Lost.IsCancellationRequested);

        Assert.Equal(0, await database.ScalarAsync($"SELECT events FROM agentsystem.recordings WHERE id = '{writer.Key.Id}'"));
        await writer.EndAsync(RecordingState.Finished);
    }

    [Fact]
    public async Task Append_MoreThanMayWait_GivesTheRecordingUpAndTheEndSaysFailed()
    {
        var host = await StartAsync(("Recordings:MaxWaitingBytes", "1048576"));
        using var writer = await BeginAsync(host);
        writer.Append(new byte[1024 * 1024 + 1]);
        await writer.EndAsync(RecordingState.Finished, Event("rest"));

        var (texts, state) = await ReadAsync(host, writer.Key);
        Assert.Empty(texts);
        Assert.Equal(RecordingState.Failed, state);
    }

    private async Task<IHost> StartAsync(params (string Name, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        foreach (var (name, value) in settings)
        {
            builder.Configuration[name] = value;
        }

        builder.Services.AddSingleton(NpgsqlDataSource.Create(database!.Source.ConnectionString));
        builder.Services.AddSingleton(new RootKey("a-root-key-for-tests-0123456789-0123456789"));
        builder.Services.AddRecordings();
        var host = builder.Build();
        hosts.Add(host);
        await host.StartAsync();
        return host;
    }

    private static Task<RecordingWriter> BeginAsync(IHost host) => host.Services.GetRequiredService<Recorder>().BeginAsync(Tenants.Default, TimeSpan.FromHours(1), default);

    private static async Task<(List<string> Texts, RecordingState? State)> ReadAsync(IHost host, RecordingKey key, int from = 0)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        var (texts, state) = (new List<string>(), (RecordingState?)null);
        await foreach (var page in host.Services.GetRequiredService<RecordingReader>().FollowAsync(key, from, patience.Token))
        {
            texts.AddRange(page.Events.Select(static item => Encoding.UTF8.GetString(item.Span)));
            state = page.State;
        }

        return (texts, state);
    }

    private static ReadOnlyMemory<byte> Event(string text) => Encoding.UTF8.GetBytes(text);
}
