using AgentSystem.Contracts.Agents;
using k8s.Models;

namespace AgentSystem.Control.Deployment.Kubernetes;

/// <summary>What a replica of an agent gets: as its configuration says, filled up from the platform's defaults so that no request is above its limit.</summary>
internal static class AgentResourceParts
{
    public static V1ResourceRequirements Of(AgentResources? asked, ServiceSize defaults)
    {
        var (cpuRequest, cpuLimit) = Pair(asked?.CpuRequest, asked?.CpuLimit, defaults.CpuRequest, defaults.CpuLimit);
        var (memoryRequest, memoryLimit) = Pair(asked?.MemoryRequest, asked?.MemoryLimit, defaults.MemoryRequest, defaults.MemoryLimit);
        var made = new V1ResourceRequirements
        {
            Requests = new Dictionary<string, ResourceQuantity> { ["cpu"] = cpuRequest, ["memory"] = memoryRequest },
            Limits = new Dictionary<string, ResourceQuantity> { ["cpu"] = cpuLimit, ["memory"] = memoryLimit },
        };
        // Requests of such resources equal their limits, so the limit alone is written; whoever names only one of the two means both.
        if (Gpus(asked) is { } gpus)
        {
            made.Limits[WorkloadNumbers.Gpu] = gpus;
        }

        return made;
    }

    /// <summary>Graphics processors asked for; null: none.</summary>
    public static ResourceQuantity? Gpus(AgentResources? asked) =>
        (asked?.GpuLimit ?? asked?.GpuRequest) is { } text && new ResourceQuantity(text) is var gpus && gpus.ToDecimal() > 0 ? gpus : null;

    private static (ResourceQuantity Request, ResourceQuantity Limit) Pair(string? request, string? limit, string usualRequest, string usualLimit)
    {
        var (asked, allowed) = (new ResourceQuantity(request ?? usualRequest), new ResourceQuantity(limit ?? usualLimit));
        return asked.ToDecimal() <= allowed.ToDecimal() ? (asked, allowed)
            : limit is null ? (asked, asked)
            : (allowed, allowed);
    }
}
