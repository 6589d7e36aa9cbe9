using k8s.Models;
using static AgentSystem.Control.Deployment.WorkloadNumbers;

namespace AgentSystem.Control.Deployment.Kubernetes;

/// <summary>The servers the chart can run, by the images of Aspire 13.5.2 (Garnet and Redis are two choices for one store).</summary>
internal static class StoreImages
{
    /// <summary>Name of the database and of the user that owns it.</summary>
    public const string Database = "agentsystem";

    /// <summary>Where a store's password stands in its Secret.</summary>
    public const string Password = "password";

    private const string PasswordVariable = "STORE_PASSWORD", PasswordOfVariable = "$(STORE_PASSWORD)";

    public static StoreImage Postgres { get; } = new("docker.io/library/postgres:18.3", 999, Asks("pg_isready", "--host=127.0.0.1", "--username=" + Database), "/var/lib/postgresql")
    {
        Env =
        [
            new V1EnvVar { Name = "POSTGRES_USER", Value = Database },
            new V1EnvVar { Name = "POSTGRES_DB", Value = Database },
            Secret("POSTGRES_PASSWORD", SystemModel.Postgres),
            // The default of images since 18, written out: the folder above is the volume.
            new V1EnvVar { Name = "PGDATA", Value = "/var/lib/postgresql/18/docker" },
        ],
        Scratch = ["/var/run/postgresql"],
    };

    public static StoreImage Redis { get; } = new("docker.io/library/redis:8.6", 999, Listens(SystemModel.Redis))
    {
        Env = [Secret(PasswordVariable, SystemModel.Redis)],
        // Nothing in it has to survive: no snapshots, no log, and the oldest entries go when it is full.
        Args = ["redis-server", "--requirepass", PasswordOfVariable, "--save", "", "--appendonly", "no", "--dir", "/tmp", "--maxmemory", "384mb", "--maxmemory-policy", "allkeys-lru"],
    };

    public static StoreImage Garnet { get; } = new("ghcr.io/microsoft/garnet:1.0", DotnetUser, Listens(SystemModel.Redis))
    {
        Env = [Secret(PasswordVariable, SystemModel.Redis)],
        // Some of its images have options in their entry point, and an option may not be given twice.
        Command = ["/app/GarnetServer"],
        Args = ["--port", "6379", "--auth", "Password", "--password", PasswordOfVariable, "--memory", "256m", "--index", "32m"],
    };

    public static StoreImage Qdrant { get; } = new("docker.io/qdrant/qdrant:v1.18.0-unprivileged", 1000, Get("/readyz"), "/qdrant/storage")
    {
        Env =
        [
            Secret("QDRANT__SERVICE__API_KEY", SystemModel.Qdrant),
            new V1EnvVar { Name = "QDRANT__SERVICE__ENABLE_STATIC_CONTENT", Value = "false" },
            new V1EnvVar { Name = "QDRANT__TELEMETRY_DISABLED", Value = "true" },
            new V1EnvVar { Name = "QDRANT__STORAGE__SNAPSHOTS_PATH", Value = "/qdrant/storage/snapshots" },
            new V1EnvVar { Name = "QDRANT_INIT_FILE_PATH", Value = "/qdrant/storage/.qdrant-initialized" },
        ],
    };

    private static V1EnvVar Secret(string variable, string service) => new()
    {
        Name = variable,
        ValueFrom = new V1EnvVarSource { SecretKeyRef = new V1SecretKeySelector { Name = ObjectNames.Secrets(service), Key = Password } },
    };

    private static V1Probe Asks(params string[] command) => Paced(new V1Probe { Exec = new V1ExecAction { Command = command } });

    private static V1Probe Listens(string port) => Paced(new V1Probe { TcpSocket = new V1TCPSocketAction { Port = port } });

    private static V1Probe Get(string path) => Paced(new V1Probe { HttpGet = new V1HTTPGetAction { Path = path, Port = ServicePort.Http.Name, Scheme = "HTTP" } });

    private static V1Probe Paced(V1Probe probe)
    {
        probe.InitialDelaySeconds = ReadinessDelaySeconds;
        probe.PeriodSeconds = ReadinessPeriodSeconds;
        probe.TimeoutSeconds = ProbeTimeoutSeconds;
        probe.FailureThreshold = ProbeFailures;
        return probe;
    }
}
