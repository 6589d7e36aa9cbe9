using System.Globalization;
using AgentSystem.Runtime.Security.Sealing;

namespace AgentSystem.Runtime.Recordings.Postgres;

/// <summary>Blocks of events as they stand in rows: sealed. Those from before there was sealing are read as they are.</summary>
internal static class RecordingBlocks
{
    /// <summary>See <see cref="SealedPlace.Purpose"/>.</summary>
    public const string Purpose = "recording_blocks.payload";

    /// <summary>For rotations.</summary>
    public static SealedColumn Column { get; } = new("agentsystem.recording_blocks", "payload", Purpose, "recording_id || '/' || first", SealedType.Bytes);

    public static async ValueTask<byte[]> SealAsync(ISecretBox box, RecordingKey key, int first, IReadOnlyList<ReadOnlyMemory<byte>> events, CancellationToken cancellation) =>
        events.Count == 0 ? [] : await box.SealAsync(Place(key, first), EventBlock.Pack(events), cancellation);

    /// <exception cref="SealException">The block cannot be opened.</exception>
    public static async ValueTask<List<ReadOnlyMemory<byte>>> OpenAsync(ISecretBox box, RecordingKey key, int first, byte[] payload, CancellationToken cancellation) =>
        EventBlock.Unpack(SealedFormat.IsSealed(payload) ? (await box.OpenAsync(Place(key, first), payload, cancellation)).Require() : payload);

    private static SealedPlace Place(RecordingKey key, int first) => new(key.Tenant, Purpose, string.Create(CultureInfo.InvariantCulture, $"{key.Id}/{first}"));
}
