namespace AgentSystem.AppHost.Embedded.Postgres;

/// <summary>The server's settings, written whole before every start so that what runs is what stands here.</summary>
internal static class PostgresSettings
{
    /// <summary>Room for the pools of all hosts in one process (100 each by default) and a person with psql.</summary>
    private const int MaxConnections = 300;

    public static void Write(string dataFolder, string socketFolder, bool durable)
    {
        var safe = durable ? "on" : "off";
        File.WriteAllText(Path.Combine(dataFolder, "postgresql.conf"), $"""
            # Written at every start; changes made here are lost.
            # No TCP listener: whoever may enter the socket folder (mode 0700) is trusted, nobody else can ask.
            listen_addresses = ''
            unix_socket_directories = '{socketFolder}'
            unix_socket_permissions = 0700
            max_connections = {MaxConnections}
            shared_buffers = '128MB'
            wal_level = minimal
            max_wal_senders = 0
            max_wal_size = '512MB'
            fsync = {safe}
            synchronous_commit = {safe}
            full_page_writes = {safe}
            timezone = 'UTC'
            log_timezone = 'UTC'
            # Rows and statements may hold what people wrote: neither belongs in a log.
            log_min_error_statement = panic
            log_error_verbosity = terse

            """);
        File.WriteAllText(Path.Combine(dataFolder, "pg_hba.conf"), "local all all trust\n");
    }

    /// <summary>Text in every language sorts and folds alike on every machine: code-point order with Unicode case rules.</summary>
    public static IEnumerable<string> Locale(int major) => (major, OperatingSystem.IsMacOS()) switch
    {
        ( >= 17, _) => ["--locale-provider=builtin", "--locale=C", "--builtin-locale=C.UTF-8"],
        (_, true) => ["--locale=C", "--lc-ctype=UTF-8"],
        _ => ["--locale=C.UTF-8"],
    };
}
