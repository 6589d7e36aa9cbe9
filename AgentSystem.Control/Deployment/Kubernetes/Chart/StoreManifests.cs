using AgentSystem.Control.Deployment.Kubernetes.CustomResources;
using k8s.Models;

namespace AgentSystem.Control.Deployment.Kubernetes.Chart;

/// <summary>The stores, each a choice in the values: run by the chart, by an operator, or elsewhere.</summary>
internal static class StoreManifests
{
    /// <summary>PostgreSQL by its operator.</summary>
    public const string CloudNativePg = "cloudnativepg";

    private const string StatefulSet = "statefulset", Redis = "redis", Garnet = "garnet";

    public static IEnumerable<Manifest> All(ReleaseLabels labels)
    {
        var (postgres, redis, qdrant) = (SystemModel.Find(SystemModel.Postgres), SystemModel.Find(SystemModel.Redis), SystemModel.Find(SystemModel.Qdrant));
        var (ownPostgres, ownRedis, ownQdrant) = (Is(SecretManifests.PostgresEngine, StatefulSet), IsNot(SecretManifests.RedisEngine, SecretManifests.External), Is(SecretManifests.QdrantEngine, StatefulSet));
        yield return Account(postgres, ownPostgres, labels);
        yield return new(postgres.Name, SecretManifests.Password(postgres, labels)) { If = IsNot(SecretManifests.PostgresEngine, SecretManifests.External) };
        yield return Service(postgres, ownPostgres, labels, headless: true);
        yield return Kept(postgres, StoreImages.Postgres, "20Gi", ownPostgres, labels);
        yield return Cluster(postgres, labels);

        yield return Account(redis, ownRedis, labels);
        yield return new(redis.Name, SecretManifests.Password(redis, labels)) { If = ownRedis };
        yield return Service(redis, ownRedis, labels, headless: false);
        yield return Passing(redis, Redis, StoreImages.Redis, labels);
        yield return Passing(redis, Garnet, StoreImages.Garnet, labels);

        yield return Account(qdrant, ownQdrant, labels);
        yield return new(qdrant.Name, SecretManifests.Password(qdrant, labels)) { If = ownQdrant };
        yield return Service(qdrant, ownQdrant, labels, headless: true);
        yield return Kept(qdrant, StoreImages.Qdrant, "10Gi", ownQdrant, labels);
    }

    /// <summary>Values that are no place of an object.</summary>
    public static void Choices(ChartValues values)
    {
        values.Choice("parameters.postgres.engine", "statefulset: one server of the chart's; cloudnativepg: three, by its operator, which must be installed; external: secrets.postgres.connection_string says where.", StatefulSet, CloudNativePg, SecretManifests.External);
        values.Choice("parameters.redis.engine", "redis, garnet, or external: secrets.redis.connection_string says where. A password without commas.", Redis, Garnet, SecretManifests.External);
        values.Choice("parameters.qdrant.engine", "none: vectors stay in PostgreSQL; statefulset or external only with images that were built with Aspire's packages: others refuse to start. A password without semicolons.", SecretManifests.None, StatefulSet, SecretManifests.External);
        values.Default("parameters.postgres.storage_class", "", "Empty: the cluster's default class.");
        values.Default("parameters.qdrant.storage_class", "");
        foreach (var store in new[] { "postgres", "redis", "qdrant" })
        {
            values.Default($"secrets.{store}.password", "");
            values.Default($"secrets.{store}.connection_string", "");
        }
    }

    private static string Is(string value, string word) => $"eq {value} \"{word}\"";

    private static string IsNot(string value, string word) => $"ne {value} \"{word}\"";

    private static Manifest Account(SystemService store, string condition, ReleaseLabels labels) =>
        new(store.Name, ScaleParts.Account(labels.Meta(store.Name, ObjectNames.Account(store.Name)))) { If = condition };

    private static Manifest Service(SystemService store, string condition, ReleaseLabels labels, bool headless)
    {
        var service = ServiceParts.Balanced(store, labels);
        // A StatefulSet needs a headless Service; its one pod is found by the same name.
        service.Spec.ClusterIP = headless ? "None" : null;
        return new(store.Name, service) { If = condition };
    }

    private static Manifest Kept(SystemService store, StoreImage image, string capacity, string condition, ReleaseLabels labels)
    {
        var key = "parameters." + store.Key;
        var set = StoreWorkload.Kept(store, image, capacity, labels);
        Prepare(set.Spec.Template);
        return new(store.Name, set)
        {
            If = condition,
            Lifts =
            [
                new ValueLift("spec/template/spec/containers/0/image", $"{key}.{store.Key}_image"), .. HostManifests.PodLifts(key),
                new ValueLift("spec/volumeClaimTemplates/0/spec/resources/requests/storage", key + ".capacity"),
                new LinesLift("spec/volumeClaimTemplates/0/spec", $"{{{{- if .Values.{key}.storage_class }}}}", $"storageClassName: {{{{ .Values.{key}.storage_class | quote }}}}", "{{- end }}"),
            ],
        };
    }

    private static Manifest Passing(SystemService store, string name, StoreImage image, ReleaseLabels labels)
    {
        var key = "parameters." + store.Key;
        var deployment = StoreWorkload.Passing(store, name, image, labels);
        Prepare(deployment.Spec.Template);
        return new(store.Name, deployment)
        {
            If = Is(SecretManifests.RedisEngine, name),
            File = name == store.Name ? "deployment" : name + "-deployment",
            Lifts = [new ValueLift("spec/template/spec/containers/0/image", $"{key}.{name}_image"), .. HostManifests.PodLifts(key)],
        };
    }

    /// <summary>A server reads its password when it starts.</summary>
    private static void Prepare(V1PodTemplateSpec template)
    {
        HostManifests.Prepare(template.Spec);
        template.Metadata.Annotations = new Dictionary<string, string> { ["checksum/secrets"] = $"{{{{ include (print $.Template.BasePath \"/{template.Metadata.Labels[ReleaseLabels.Component]}/secrets.yaml\") . | sha256sum | quote }}}}" };
    }

    /// <summary>Three servers and a quorum, as docs/operations/postgres.md explains them.</summary>
    private static Manifest Cluster(SystemService store, ReleaseLabels labels) => new(store.Name, new PostgresCluster
    {
        ApiVersion = "postgresql.cnpg.io/v1",
        Kind = "Cluster",
        Metadata = labels.Meta(store.Name, store.Name),
        Spec = new PostgresClusterSpec
        {
            Instances = 3,
            Storage = new PostgresStorage { Size = "20Gi" },
            Resources = PodParts.Resources(store.Size),
            Postgresql = new PostgresConfiguration
            {
                Synchronous = new PostgresSynchronous { Method = "any", Number = 1, DataDurability = "required", FailoverQuorum = true },
                Parameters = new Dictionary<string, string>
                {
                    ["max_connections"] = "400", ["tcp_keepalives_count"] = "3", ["tcp_keepalives_idle"] = "30", ["tcp_keepalives_interval"] = "10", ["tcp_user_timeout"] = "60s",
                },
            },
            Bootstrap = new PostgresBootstrap
            {
                Initdb = new PostgresInit
                {
                    Database = StoreImages.Database,
                    Owner = StoreImages.Database,
                    Secret = new V1LocalObjectReference { Name = ObjectNames.Secrets(store.Name) },
                    // The owner is no administrator and may not make the role that row security rests on.
                    PostInitApplicationSQL = ["CREATE ROLE agentsystem_app NOLOGIN", "GRANT agentsystem_app TO agentsystem", "GRANT pg_monitor TO agentsystem"],
                },
            },
        },
    })
    {
        If = Is(SecretManifests.PostgresEngine, CloudNativePg),
        File = "cluster",
        Lifts =
        [
            new ValueLift("spec/instances", "parameters.postgres.instances"), new ValueLift("spec/storage/size", "parameters.postgres.capacity"), new ValueLift("spec/resources", "parameters.postgres.resources"),
            new LinesLift("spec/storage", "{{- if .Values.parameters.postgres.storage_class }}", "storageClass: {{ .Values.parameters.postgres.storage_class | quote }}", "{{- end }}"),
        ],
    };
}
