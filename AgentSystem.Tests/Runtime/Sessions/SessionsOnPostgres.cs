using AgentSystem.Runtime.Sessions;
using AgentSystem.Runtime.Sessions.Postgres;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AgentSystem.Tests.Runtime.Sessions;

/// <summary>Sessions as a host composes them, on a database of a test's own; the service that applies what waits runs only where a test asks for it.</summary>
internal sealed class SessionsOnPostgres : IAsyncDisposable
{
    private readonly ServiceProvider services;
    private readonly IAsyncDisposable database;

    private SessionsOnPostgres(NpgsqlDataSource source, IAsyncDisposable database, IEnumerable<KeyValuePair<string, string?>> settings)
    {
        (this.database, Source) = (database, source);
        services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .AddSingleton(source).AddSessions().BuildServiceProvider();
    }

    public NpgsqlDataSource Source { get; }

    public ISessionStore Store => services.GetRequiredService<ISessionStore>();

    public ISessionConflicts Conflicts => services.GetRequiredService<ISessionConflicts>();

    public SessionTelemetry Telemetry => services.GetRequiredService<SessionTelemetry>();

    public SessionProjector Projector => services.GetRequiredService<SessionProjector>();

    public static async Task<SessionsOnPostgres> CreateAsync(TestPostgres postgres, params (string Name, string Value)[] settings)
    {
        var database = await MigratedDatabase.CreateAsync(postgres);
        return new SessionsOnPostgres(database.Source, database, Settings(settings));
    }

    /// <summary>Another process on the same database.</summary>
    public static SessionsOnPostgres On(NpgsqlDataSource source, params (string Name, string Value)[] settings) => new(source, new Nothing(), Settings(settings));

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await database.DisposeAsync();
    }

    private static IEnumerable<KeyValuePair<string, string?>> Settings((string Name, string Value)[] settings) =>
        settings.Select(setting => KeyValuePair.Create($"Sessions:{setting.Name}", (string?)setting.Value));

    private sealed class Nothing : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
