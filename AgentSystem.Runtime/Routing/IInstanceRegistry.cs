namespace AgentSystem.Runtime.Routing;

/// <summary>The processes that execute runs, as they say of themselves. One that is not heard for a while is not shown any more.</summary>
public interface IInstanceRegistry
{
    /// <summary>A process says how it stands. Gives what was decided about it elsewhere.</summary>
    Task<DrainOrder> BeatAsync(InstanceReport report, CancellationToken cancellation);

    /// <summary>Decides whether a process takes new runs; it learns of it with its next beat. Null when none of that name was heard within <paramref name="silent"/>.</summary>
    Task<(InstanceReport Report, DrainOrder Order)?> OrderAsync(string name, bool draining, TimeSpan silent, CancellationToken cancellation);

    /// <summary>Those heard within <paramref name="silent"/>, by name.</summary>
    Task<IReadOnlyList<InstanceReport>> ListAsync(TimeSpan silent, CancellationToken cancellation);

    /// <summary>A process that ends is not waited for.</summary>
    Task LeaveAsync(string name, CancellationToken cancellation);
}

/// <summary>How a process stands.</summary>
/// <param name="Name">See <see cref="Instance.Name"/>.</param>
/// <param name="Slots">Runs it executes at once.</param>
/// <param name="InUse">Slots taken.</param>
/// <param name="Waiting">Runs waiting for a slot.</param>
/// <param name="IsDraining">Whether it takes no new runs.</param>
/// <param name="HeardAt">When it last said so, by the database's clock; not read when it is written.</param>
public sealed record InstanceReport(string Name, int Slots, int InUse, int Waiting, bool IsDraining, DateTimeOffset HeardAt = default);

/// <summary>Whether a process is to take no new runs.</summary>
/// <param name="Draining">It is to.</param>
/// <param name="Revision">Grows with each decision; 0: nobody decided anything.</param>
public readonly record struct DrainOrder(bool Draining, int Revision);
