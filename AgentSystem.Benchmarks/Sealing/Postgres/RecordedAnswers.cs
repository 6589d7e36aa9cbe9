using System.Diagnostics;
using AgentSystem.Benchmarks.Servers.Postgres;
using AgentSystem.Runtime.Recordings;
using AgentSystem.Runtime.Recordings.Postgres;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Security.Sealing;
using AgentSystem.Runtime.Security.Sealing.Postgres;
using AgentSystem.Runtime.State.Postgres;
using Microsoft.Extensions.Options;

namespace AgentSystem.Benchmarks.Sealing.Postgres;

/// <summary>Answers of idempotent requests, kept and given again, with one way of keeping them.</summary>
internal sealed class RecordedAnswers(string name, ISecretBox box, RuntimeDatabase database)
{
    private const string Tenant = "default";
    private const string Owner = "benchmark";

    private readonly PostgresRecordingStore store = new(database, box, Options.Create(new RecordingsOptions()));

    public string Name => name;

    /// <summary>Sealed as the product does it, and in plain by the same code.</summary>
    public static (RecordedAnswers Sealed, RecordedAnswers Plain, ISecretBox Box) Over(DurableServer server)
    {
        var database = new RuntimeDatabase(server.Source);
        var root = new RootKey("a-root-key-of-a-benchmark-0123456789-0123456789");
        var (keys, wrapping) = (new PostgresDataKeyStore(database), new KeyWrapping(root));
        var box = new SecretBox(new DataKeys(keys, wrapping, new RootSecrets(root, new PostgresRootStore(database), keys, wrapping), TimeProvider.System));
        return (new RecordedAnswers("sealed", box, database), new RecordedAnswers("plain", new OpenBox(), database), box);
    }

    /// <summary>Milliseconds for each answer that is begun, written with its end, and read again.</summary>
    public async Task<double> MeasureAsync(byte[] answer, int times, CancellationToken cancellation)
    {
        var begun = Stopwatch.GetTimestamp();
        for (var number = 0; number < times; number++)
        {
            var key = new RecordingKey(Tenant, $"{Guid.CreateVersion7():N}");
            await store.BeginAsync(key, Owner, TimeSpan.FromHours(1), cancellation);
            await store.WriteAsync(Owner, [new RecordingBatch(key, 0, [answer], RecordingState.Finished)], cancellation);
            if ((await store.ReadAsync(key, 0, cancellation))!.Events[0].Length != answer.Length)
            {
                throw new InvalidDataException("An answer was not given back whole.");
            }
        }

        return Stopwatch.GetElapsedTime(begun).TotalMilliseconds / times;
    }

    /// <summary>What the store did before there was sealing.</summary>
    private sealed class OpenBox : ISecretBox
    {
        public ValueTask<byte[]> SealAsync(SealedPlace place, ReadOnlyMemory<byte> value, CancellationToken cancellation) => ValueTask.FromResult(value.ToArray());

        public ValueTask<Opened> OpenAsync(SealedPlace place, ReadOnlyMemory<byte> stored, CancellationToken cancellation) => ValueTask.FromResult(new Opened(stored.ToArray(), null));
    }
}
