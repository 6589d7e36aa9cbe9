using Qdrant.Client;
using Qdrant.Client.Grpc;
using static Qdrant.Client.Grpc.Conditions;

namespace AgentSystem.Runtime.Memory.Qdrant;

/// <summary>Statements' vectors in Qdrant: one collection, one point per statement, the scope in its payload.</summary>
internal sealed class QdrantMemoryIndex(QdrantClient client) : IMemoryIndex
{
    private const string Collection = "agentsystem_memories";
    private const string IdPrefix = "mem-";

    private readonly SemaphoreSlim creating = new(1);
    private volatile bool created;

    public async Task AddAsync(MemoryScope scope, string id, ReadOnlyMemory<float> vector, CancellationToken cancellation)
    {
        await EnsureCollectionAsync(vector.Length, cancellation);
        var point = new PointStruct
        {
            Id = Guid.ParseExact(id[IdPrefix.Length..], "N"),
            Vectors = vector.ToArray(),
            Payload = { ["tenant"] = scope.Tenant, ["user"] = scope.User, ["agent"] = scope.Agent },
        };
        await client.UpsertAsync(Collection, [point], cancellationToken: cancellation);
    }

    public async Task<IReadOnlyList<NearMemory>> NearestAsync(MemoryScope scope, ReadOnlyMemory<float> query, int limit, CancellationToken cancellation)
    {
        await EnsureCollectionAsync(query.Length, cancellation);
        var points = await client.QueryAsync(
            Collection,
            query: query.ToArray(),
            filter: MatchKeyword("tenant", scope.Tenant) & MatchKeyword("user", scope.User) & MatchKeyword("agent", scope.Agent),
            limit: (ulong)limit,
            payloadSelector: false,
            cancellationToken: cancellation);
        return [.. points.Select(point => new NearMemory($"{IdPrefix}{Guid.Parse(point.Id.Uuid):N}", point.Score))];
    }

    private async Task EnsureCollectionAsync(int dimensions, CancellationToken cancellation)
    {
        if (created)
        {
            return;
        }

        await creating.WaitAsync(cancellation);
        try
        {
            if (!created && !await client.CollectionExistsAsync(Collection, cancellation))
            {
                await client.CreateCollectionAsync(Collection, new VectorParams { Size = (ulong)dimensions, Distance = Distance.Cosine }, cancellationToken: cancellation);
                // Every search is within one scope: Qdrant keeps a tenant's points together when it knows the field.
                await client.CreatePayloadIndexAsync(
                    Collection,
                    "tenant",
                    PayloadSchemaType.Keyword,
                    new PayloadIndexParams { KeywordIndexParams = new KeywordIndexParams { IsTenant = true } },
                    cancellationToken: cancellation);
            }

            created = true;
        }
        finally
        {
            creating.Release();
        }
    }
}
