using k8s.Models;

namespace AgentSystem.Control.Deployment.Kubernetes.Chart;

/// <summary>Settings and secrets of hosts, as values give them. No secret has a default.</summary>
internal static class SecretManifests
{
    /// <summary>The values that decide where the stores are.</summary>
    public const string PostgresEngine = ".Values.parameters.postgres.engine", RedisEngine = ".Values.parameters.redis.engine", QdrantEngine = ".Values.parameters.qdrant.engine";

    /// <summary>The name of a store that the chart does not run.</summary>
    public const string External = "external";

    /// <summary>The name of a store that is not there.</summary>
    public const string None = "none";

    public static Manifest Config(SystemService service, ReleaseLabels labels) => new(service.Name, new V1ConfigMap
    {
        ApiVersion = "v1",
        Kind = "ConfigMap",
        Metadata = labels.Meta(service.Name, ObjectNames.Config(service.Name)),
        Data = HostSettings.Of(service).ToDictionary(),
    })
    {
        Lifts = [new TextsLift("data", "config." + service.Key), .. service.Kind == ServiceKind.Console ? Array.Empty<Lift>() : [new LinesLift("data", ManifestText.Each(".Values.config.models"))]],
    };

    public static Manifest Secrets(SystemService service, ReleaseLabels labels)
    {
        var stores = service.References.Select(static reference => reference.Service).ToHashSet(StringComparer.Ordinal);
        var data = new Dictionary<string, string>(StringComparer.Ordinal);
        var lines = new List<string>(ManifestText.Each(".Values.secrets." + service.Key));
        if (stores.Contains(SystemModel.Postgres))
        {
            data["AGENTSYSTEM_ROOT_KEY"] = Required("secrets.platform.root_key", "the secret all others derive from, at least 32 characters");
            data["ConnectionStrings__postgres"] = Choose(PostgresEngine, SystemModel.Postgres, "Host=%s;Port=5432;Database=agentsystem;Username=agentsystem;Password='%s'", PostgresHost, "'", "''");
            lines.AddRange(ManifestText.Each(".Values.secrets.models"));
        }

        if (service.Kind == ServiceKind.Gateway)
        {
            data["AGENTSYSTEM_ADMIN_KEY"] = Required("secrets.platform.admin_key", "the administrator's key, at least 32 characters");
        }

        if (stores.Contains(SystemModel.Redis))
        {
            data["ConnectionStrings__redis"] = Choose(RedisEngine, SystemModel.Redis, "%s:6379,password=%s,abortConnect=false", $"\"{ObjectNames.Service(SystemModel.Redis)}\"", ",", "");
        }

        if (stores.Contains(SystemModel.Qdrant))
        {
            lines.AddRange(
            [
                $"{{{{- if ne {QdrantEngine} \"{None}\" }}}}",
                "ConnectionStrings__qdrant: " + Choose(QdrantEngine, SystemModel.Qdrant, "Endpoint=http://%s:6334;Key=%s", $"\"{ObjectNames.Service(SystemModel.Qdrant)}\"", ";", ""),
                "{{- end }}",
            ]);
        }

        return new(service.Name, Secret(labels.Meta(service.Name, ObjectNames.Secrets(service.Name)), data)) { Lifts = [new LinesLift("stringData", [.. lines])] };
    }

    /// <summary>A store's own password, in the form that CloudNativePG reads, too.</summary>
    public static V1Secret Password(SystemService service, ReleaseLabels labels)
    {
        var secret = Secret(labels.Meta(service.Name, ObjectNames.Secrets(service.Name)), new()
        {
            ["username"] = StoreImages.Database,
            [StoreImages.Password] = Required($"secrets.{service.Key}.password", "the password of this store"),
        });
        secret.Type = "kubernetes.io/basic-auth";
        return secret;
    }

    /// <summary>CloudNativePG's service follows the primary.</summary>
    private static string PostgresHost => $"(ternary \"{SystemModel.Postgres}-rw\" \"{ObjectNames.Service(SystemModel.Postgres)}\" (eq {PostgresEngine} \"{StoreManifests.CloudNativePg}\"))";

    private static V1Secret Secret(V1ObjectMeta metadata, Dictionary<string, string> data) => new() { ApiVersion = "v1", Kind = "Secret", Metadata = metadata, Type = "Opaque", StringData = data };

    private static string Required(string key, string what) => $"{{{{ required \"{key} is empty: give {what}, in a values file that is kept as a secret.\" .Values.{key} | quote }}}}";

    /// <summary>The connection string as given for a store elsewhere; for one of the chart it is made of its password.</summary>
    private static string Choose(string engine, string store, string format, string host, string character, string instead) =>
        $"{{{{ if eq {engine} \"{External}\" }}}}"
        + $"{{{{ required \"secrets.{store}.connection_string is empty: {store} is external, so say where it is.\" .Values.secrets.{store}.connection_string | quote }}}}"
        + "{{ else }}"
        + $"{{{{ printf \"{format}\" {host} (replace \"{character}\" \"{instead}\" (required \"secrets.{store}.password is empty: give the password of this store.\" .Values.secrets.{store}.password)) | quote }}}}"
        + "{{ end }}";
}
