using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Qdrant.Client;
using Qdrant.Client.Grpc;
using static Qdrant.Client.Grpc.Conditions;

namespace AgentSystem.Runtime.Memory.Qdrant;

/// <summary>Memories' vectors in Qdrant: one collection for each embedding, one point per memory, the scope in its payload.</summary>
internal sealed class QdrantMemoryIndex(QdrantClient client) : IMemoryIndex
{
    private const string IdPrefix = "mem-";

    private readonly ConcurrentDictionary<string, Lazy<Task>> made = new(StringComparer.Ordinal);

    public bool KeepsCopies => true;

    public IReadOnlyCollection<(string Tenant, string User)> Holders => [];

    public long Bytes => 0;

    public async Task ApplyAsync(IReadOnlyList<IndexedVector> vectors, CancellationToken cancellation)
    {
        foreach (var group in vectors.GroupBy(static vector => vector.Embedding, StringComparer.Ordinal))
        {
            var collection = await CollectionAsync(group.Key, group.First().Vector.Length, cancellation);
            // The row is the truth and a search reads it again: a point of an older version is only less near than it could be until the newer one comes.
            await client.UpsertAsync(collection, [.. group.Select(static vector => new PointStruct
            {
                Id = Guid.ParseExact(vector.Id[IdPrefix.Length..], "N"),
                Vectors = vector.Vector.ToArray(),
                Payload = { ["tenant"] = vector.Scope.Tenant, ["user"] = vector.Scope.User, ["agent"] = vector.Scope.Agent, ["version"] = vector.Version },
            })], cancellationToken: cancellation);
        }
    }

    public async Task<IReadOnlyList<NearMemory>> NearestAsync(MemoryScope scope, string embedding, ReadOnlyMemory<float> query, int limit, CancellationToken cancellation)
    {
        var points = await client.QueryAsync(
            await CollectionAsync(embedding, query.Length, cancellation),
            query: query.ToArray(),
            filter: MatchKeyword("tenant", scope.Tenant) & MatchKeyword("user", scope.User) & MatchKeyword("agent", scope.Agent),
            limit: (ulong)limit,
            payloadSelector: false,
            cancellationToken: cancellation);
        return [.. points.Select(point => new NearMemory($"{IdPrefix}{Guid.Parse(point.Id.Uuid):N}", point.Score))];
    }

    public async Task ForgetAsync(string tenant, string user, CancellationToken cancellation)
    {
        foreach (var collection in (await client.ListCollectionsAsync(cancellation)).Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            await client.DeleteAsync(collection, MatchKeyword("tenant", tenant) & MatchKeyword("user", user), cancellationToken: cancellation);
        }
    }

    public async Task ForgetAsync(MemoryScope scope, string id, CancellationToken cancellation)
    {
        foreach (var collection in (await client.ListCollectionsAsync(cancellation)).Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            await client.DeleteAsync(collection, Guid.ParseExact(id[IdPrefix.Length..], "N"), cancellationToken: cancellation);
        }
    }

    private const string Prefix = "agentsystem_memories_";

    /// <summary>A collection's name says which embedding its vectors are of; a model's name may hold what a collection's may not.</summary>
    private async Task<string> CollectionAsync(string embedding, int dimensions, CancellationToken cancellation)
    {
        var name = Prefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(embedding)))[..16];
        var making = made.GetOrAdd(name, key => new Lazy<Task>(() => MakeAsync(key, dimensions)));
        try
        {
            await making.Value.WaitAsync(cancellation);
        }
        catch when (making.Value.IsFaulted)
        {
            made.TryRemove(KeyValuePair.Create(name, making));
            throw;
        }

        return name;
    }

    private async Task MakeAsync(string name, int dimensions)
    {
        if (await client.CollectionExistsAsync(name))
        {
            return;
        }

        await client.CreateCollectionAsync(name, new VectorParams { Size = (ulong)dimensions, Distance = Distance.Cosine });
        // Every search is within one scope: Qdrant keeps a tenant's points together when it knows the field.
        await client.CreatePayloadIndexAsync(name, "tenant", PayloadSchemaType.Keyword, new PayloadIndexParams { KeywordIndexParams = new KeywordIndexParams { IsTenant = true } });
    }
}
