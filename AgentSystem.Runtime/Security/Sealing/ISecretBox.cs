namespace AgentSystem.Runtime.Security.Sealing;

/// <summary>Seals values for their row in the database: whoever reads or copies the database alone reads nothing of them.</summary>
public interface ISecretBox
{
    /// <summary>The value, sealed for one place. Sealing the same value twice gives two results.</summary>
    /// <exception cref="System.Data.Common.DbException">The tenant's data key is not known here yet and the database is away.</exception>
    /// <exception cref="SealException">No data key could be used or made; the failure names the cure.</exception>
    ValueTask<byte[]> SealAsync(SealedPlace place, ReadOnlyMemory<byte> value, CancellationToken cancellation);

    /// <summary>The value again; a failure, never an exception, where it is not what was sealed for this place.</summary>
    /// <exception cref="System.Data.Common.DbException">As with sealing.</exception>
    ValueTask<Opened> OpenAsync(SealedPlace place, ReadOnlyMemory<byte> stored, CancellationToken cancellation);
}

/// <summary>Where a sealed value stands. Moved to any other place it does not open.</summary>
/// <param name="Tenant">Whose row; its data key seals.</param>
/// <param name="Purpose">Table and column, such as <c>webhooks.secret</c>. Never changed once values exist.</param>
/// <param name="Id">The row within the tenant.</param>
public sealed record SealedPlace(string Tenant, string Purpose, string Id);

/// <summary>What opening gave: exactly one of the two.</summary>
/// <param name="Value">The value.</param>
/// <param name="Failure">Why there is none.</param>
public sealed record Opened(byte[]? Value, SealFailure? Failure)
{
    /// <summary>The value.</summary>
    /// <exception cref="SealException">There is none.</exception>
    public byte[] Require() => Value ?? throw new SealException(Failure!);
}

/// <summary>Why a value could not be opened.</summary>
/// <param name="Reason">For machines.</param>
/// <param name="Message">For people, with the cure. It holds nothing of the value.</param>
public sealed record SealFailure(SealFailureReason Reason, string Message);

/// <summary>Reasons of <see cref="SealFailure"/>.</summary>
public enum SealFailureReason
{
    /// <summary>The bytes do not begin like a sealed value.</summary>
    NotSealed,

    /// <summary>A later version of the platform wrote it.</summary>
    NewerFormat,

    /// <summary>The tenant's data key of that version is not in the database.</summary>
    KeyMissing,

    /// <summary>The data key is wrapped under another root secret.</summary>
    OtherRoot,

    /// <summary>Cut, altered, or taken from another row, purpose or tenant.</summary>
    Altered,
}

/// <summary>A sealed value that a store needs could not be opened. The edge answers 503 with its message.</summary>
/// <param name="failure">Why.</param>
public sealed class SealException(SealFailure failure) : Exception(failure.Message)
{
    /// <summary>Why.</summary>
    public SealFailure Failure { get; } = failure;
}
