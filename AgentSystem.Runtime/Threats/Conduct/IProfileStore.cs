namespace AgentSystem.Runtime.Threats.Conduct;

/// <summary>Where profiles are kept, so that a restart forgets nobody's habits. Each process writes what it learned; the last one to write counts.</summary>
internal interface IProfileStore
{
    /// <summary>What was kept of these; those of whom nothing was are left out.</summary>
    Task<IReadOnlyList<(ConductSubject Subject, ConductProfile Profile)>> ReadAsync(IReadOnlyCollection<ConductSubject> subjects, CancellationToken cancellation);

    /// <summary>Keeps these; one that knows fewer intervals than what is kept changes nothing.</summary>
    Task WriteAsync(IReadOnlyCollection<(ConductSubject Subject, ConductProfile Profile)> profiles, DateTimeOffset at, CancellationToken cancellation);
}
