using System.Diagnostics.Metrics;
using AgentSystem.Contracts.Memory;
using AgentSystem.Runtime.Memory;
using AgentSystem.Runtime.Memory.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentSystem.Tests.Harness;

/// <summary>The memory's parts over one database, without a host: a process of a test's own. Nothing runs in the background.</summary>
internal sealed class MemoryHouse
{
    public MemoryHouse(MigratedDatabase database, TimeProvider time, IMemoryEmbedding? embedding = null, MemoryOptions? options = null)
    {
        var (runtime, settings) = (database.Runtime, Options.Create(options ?? new MemoryOptions()));
        Embedding = embedding ?? new HashedMemoryEmbedding();
        Index = new EmbeddedMemoryIndex(runtime, settings, time);
        Telemetry = new MemoryTelemetry(new Meters());
        var writer = new MemoryWriter(runtime, Embedding, settings, time);
        Store = new PostgresMemoryStore(runtime, writer, Index, Embedding);
        Records = new PostgresMemoryRecords(runtime, writer, new MemoryChanger(runtime, Embedding, Index, time), Embedding);
        Search = new MemorySearch(new PostgresMemoryFinder(runtime, time), Index, Embedding, Telemetry, settings, time);
        Indexer = new MemoryIndexer(runtime, Index, Embedding, Telemetry, time, NullLogger<MemoryIndexer>.Instance);
        Keeper = new MemoryKeeper(runtime, Embedding, Telemetry, settings, time, NullLogger<MemoryKeeper>.Instance);
    }

    public IMemoryEmbedding Embedding { get; }

    public EmbeddedMemoryIndex Index { get; }

    public MemoryTelemetry Telemetry { get; }

    public IMemoryStore Store { get; }

    public IMemoryRecords Records { get; }

    public MemorySearch Search { get; }

    public MemoryIndexer Indexer { get; }

    public MemoryKeeper Keeper { get; }

    /// <summary>Keeps a statement of a key.</summary>
    public Task<MemoryStored> KeepAsync(MemoryScope scope, string text, MemoryKind kind = MemoryKind.Semantic, DateTimeOffset? from = null, DateTimeOffset? to = null, string? thread = null) =>
        Records.WriteAsync(scope, new MemoryDraft(kind, text, MemoryTrust.Stated, new MemorySource("key_1")) { ValidFrom = from, ValidTo = to, ThreadId = thread }, default);

    private sealed class Meters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options);

        public void Dispose()
        {
        }
    }
}
