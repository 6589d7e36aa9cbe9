using System.Text.Json.Serialization;
using k8s.Models;

namespace AgentSystem.Control.Deployment.Kubernetes.CustomResources;

/// <summary>CloudNativePG's Cluster (postgresql.cnpg.io/v1).</summary>
public sealed class PostgresCluster : CustomResource<PostgresClusterSpec>;

/// <summary>A PostgreSQL of several servers.</summary>
public sealed class PostgresClusterSpec
{
    /// <summary>Servers.</summary>
    [JsonPropertyName("instances")]
    public int? Instances { get; set; }

    /// <summary>Image of the server; the operator's own images, which have what it needs.</summary>
    [JsonPropertyName("imageName")]
    public string? ImageName { get; set; }

    /// <summary>Settings of the server.</summary>
    [JsonPropertyName("postgresql")]
    public PostgresConfiguration? Postgresql { get; set; }

    /// <summary>How the first server begins.</summary>
    [JsonPropertyName("bootstrap")]
    public PostgresBootstrap? Bootstrap { get; set; }

    /// <summary>The volume of each server.</summary>
    [JsonPropertyName("storage")]
    public PostgresStorage? Storage { get; set; }

    /// <summary>What each server gets.</summary>
    [JsonPropertyName("resources")]
    public V1ResourceRequirements? Resources { get; set; }
}

/// <summary>Settings of the server.</summary>
public sealed class PostgresConfiguration
{
    /// <summary>Lines of postgresql.conf.</summary>
    [JsonPropertyName("parameters")]
    public IDictionary<string, string>? Parameters { get; set; }

    /// <summary>Which commits wait for whom.</summary>
    [JsonPropertyName("synchronous")]
    public PostgresSynchronous? Synchronous { get; set; }
}

/// <summary>The quorum of docs/operations/postgres.md.</summary>
public sealed class PostgresSynchronous
{
    /// <summary><c>any</c> of them or the <c>first</c>.</summary>
    [JsonPropertyName("method")]
    public string? Method { get; set; }

    /// <summary>How many.</summary>
    [JsonPropertyName("number")]
    public int? Number { get; set; }

    /// <summary><c>required</c>: a commit waits for as long as nobody is there to confirm it.</summary>
    [JsonPropertyName("dataDurability")]
    public string? DataDurability { get; set; }

    /// <summary>Promote only who has every confirmed commit (a field from 1.28 on).</summary>
    [JsonPropertyName("failoverQuorum")]
    public bool? FailoverQuorum { get; set; }
}

/// <summary>How the first server begins.</summary>
public sealed class PostgresBootstrap
{
    /// <summary>From nothing.</summary>
    [JsonPropertyName("initdb")]
    public PostgresInit? Initdb { get; set; }
}

/// <summary>The database of an empty cluster.</summary>
public sealed class PostgresInit
{
    /// <summary>Its name.</summary>
    [JsonPropertyName("database")]
    public string? Database { get; set; }

    /// <summary>Who owns it.</summary>
    [JsonPropertyName("owner")]
    public string? Owner { get; set; }

    /// <summary>A Secret of type basic-auth with the owner's password.</summary>
    [JsonPropertyName("secret")]
    public V1LocalObjectReference? Secret { get; set; }

    /// <summary>Run as administrator in the new database.</summary>
    [JsonPropertyName("postInitApplicationSQL")]
    public IList<string>? PostInitApplicationSQL { get; set; }
}

/// <summary>A volume.</summary>
public sealed class PostgresStorage
{
    /// <summary>Its size.</summary>
    [JsonPropertyName("size")]
    public string? Size { get; set; }

    /// <summary>Its class; null: the cluster's default.</summary>
    [JsonPropertyName("storageClass")]
    public string? StorageClass { get; set; }
}
