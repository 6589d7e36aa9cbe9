using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Routing;

/// <summary>The instances a request can go to, and the policy that chooses among them.</summary>
public sealed class InstanceTable : IDisposable
{
    private readonly IRoutingPolicy policy;
    private readonly TimeSpan maxWait;

    /// <summary>Starts with this process as the only instance.</summary>
    /// <exception cref="OptionsValidationException">The configured policy is not known.</exception>
    public InstanceTable(IOptions<RoutingOptions> options, IEnumerable<IRoutingPolicy> policies, InstanceName name)
    {
        var known = policies.ToDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);
        policy = known.GetValueOrDefault(options.Value.Policy)
            ?? throw new OptionsValidationException("Routing", typeof(RoutingOptions), [$"Routing:Policy is \"{options.Value.Policy}\"; known policies: {string.Join(", ", known.Keys.Order())}."]);
        maxWait = options.Value.MaxWait;
        Local = new Instance(name.Value, options.Value.Slots, options.Value.MaxWaiting);
        Instances = [Local];
    }

    /// <summary>This process.</summary>
    public Instance Local { get; }

    /// <summary>All instances.</summary>
    public IReadOnlyList<Instance> Instances { get; }

    /// <summary>Proposes an instance that takes new runs, or null when none does; its slot is taken later, when execution starts.</summary>
    public Instance? Propose() => policy.Pick(Instances.Any(static instance => instance.IsDraining) ? [.. Instances.Where(static instance => !instance.IsDraining)] : Instances);

    /// <summary>Takes a slot of a proposed instance; null when it is full for longer than <see cref="RoutingOptions.MaxWait"/>.</summary>
    public Task<SlotLease?> TakeAsync(Instance instance, CancellationToken cancellation) => instance.TakeAsync(maxWait, cancellation);

    /// <inheritdoc/>
    public void Dispose() => Local.Dispose();
}

/// <summary>The name of this process among the instances.</summary>
public sealed record InstanceName(string Value);
