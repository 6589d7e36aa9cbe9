namespace AgentSystem.Runtime.Security.Sealing;

/// <summary>Seals under the newest data key of the tenant and opens under the one that sealed.</summary>
internal sealed class SecretBox(DataKeys keys) : ISecretBox
{
    public async ValueTask<byte[]> SealAsync(SealedPlace place, ReadOnlyMemory<byte> value, CancellationToken cancellation)
    {
        var key = await keys.ForSealingAsync(place.Tenant, cancellation);
        return SealedFormat.Seal(key.Key, key.Version, place, value.Span);
    }

    public async ValueTask<Opened> OpenAsync(SealedPlace place, ReadOnlyMemory<byte> stored, CancellationToken cancellation)
    {
        if (!SealedFormat.IsSealed(stored.Span))
        {
            return Failed(SealFailureReason.NotSealed, $"A value of {place.Purpose} is not sealed; rotate the data keys, which seals what still stands in plain, or restore the row.");
        }

        if (SealedFormat.VersionOf(stored.Span) > SealedFormat.Version)
        {
            return Failed(SealFailureReason.NewerFormat, $"A value of {place.Purpose} was sealed in format {SealedFormat.VersionOf(stored.Span)}, this build knows {SealedFormat.Version}; start the version that wrote it, or a later one.");
        }

        if (SealedFormat.KeyVersion(stored.Span) is not { } version)
        {
            return Altered(place);
        }

        var key = await keys.ForOpeningAsync(place.Tenant, version, cancellation);
        if (key.Failure is { } failure)
        {
            return new Opened(null, failure);
        }

        return SealedFormat.Open(key.Key!.Key, place, stored.Span) is { } value ? new Opened(value, null) : Altered(place);
    }

    private static Opened Altered(SealedPlace place) =>
        Failed(SealFailureReason.Altered, $"A value of {place.Purpose} was cut, altered or moved from another row; restore it from a backup, or delete the row and make it anew.");

    private static Opened Failed(SealFailureReason reason, string message) => new(null, new SealFailure(reason, message));
}
