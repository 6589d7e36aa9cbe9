using AgentSystem.Runtime.Runs.Postgres;
using AgentSystem.Runtime.State.Postgres;

namespace AgentSystem.Tests.Harness;

/// <summary>Stores of runs as a process has them, for tests that look in from outside.</summary>
internal static class RunStores
{
    public static PostgresRunStore Over(RuntimeDatabase database) => new(database, new RunWriter(database, TimeProvider.System), TimeProvider.System);
}
