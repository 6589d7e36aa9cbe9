namespace AgentSystem.Runtime.Security.Audit;

/// <summary>Where it is written who did what and what was refused, for good.</summary>
public interface IAuditLog
{
    /// <summary>
    /// Writes an event and returns once it is kept. True: it is. False: it could not be kept in time, and an act that must not go unrecorded is refused.
    /// Denials and administrative acts are written this way, before the answer leaves.
    /// </summary>
    Task<bool> WriteAsync(AuditEvent audited, CancellationToken cancellation);

    /// <summary>Hands over an event that may be written a little later, with others. It never waits; what does not fit is counted and the count is written.</summary>
    void Note(AuditEvent audited);
}
