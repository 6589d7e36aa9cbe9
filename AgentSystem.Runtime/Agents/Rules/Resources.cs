using AgentSystem.Contracts.Agents;

namespace AgentSystem.Runtime.Agents.Rules;

/// <summary>What a replica may ask for: each a quantity, none asked for beyond its limit.</summary>
internal static class Resources
{
    /// <summary>What Kubernetes can divide a core into.</summary>
    private const decimal SmallestCpu = 0.001m;

    /// <summary>Below this no process starts; it is nearly always a forgotten unit (<c>512</c> for <c>512Mi</c>).</summary>
    private const decimal SmallestMemory = 1024 * 1024;

    public static AgentRefusal? Check(AgentResources? resources) => resources is null ? null
        : Pair("cpu", resources.CpuRequest, resources.CpuLimit, static cpu => cpu >= SmallestCpu && decimal.IsInteger(cpu * 1000), "cores, at least 1m and in whole thousandths, such as 500m or 2")
        ?? Pair("memory", resources.MemoryRequest, resources.MemoryLimit, static bytes => bytes >= SmallestMemory && decimal.IsInteger(bytes), "bytes, at least 1Mi, such as 512Mi or 2Gi")
        ?? Pair("gpu", resources.GpuRequest, resources.GpuLimit, decimal.IsInteger, "a whole number of graphics processors, such as 1");

    private static AgentRefusal? Pair(string kind, string? request, string? limit, Predicate<decimal> fits, string form)
    {
        var (asked, allowed) = (0m, decimal.MaxValue);
        return Read($"resources.{kind}_request", request, fits, form, ref asked)
            ?? Read($"resources.{kind}_limit", limit, fits, form, ref allowed)
            ?? (asked <= allowed ? null : AgentRules.Invalid($"resources.{kind}_request", $"\"resources.{kind}_request\" is {request}, more than \"resources.{kind}_limit\", which is {limit}."));
    }

    private static AgentRefusal? Read(string member, string? text, Predicate<decimal> fits, string form, ref decimal value) =>
        text is null || (Quantity.TryParse(text, out value) && fits(value)) ? null : AgentRules.Invalid(member, $"\"{member}\" must be {form}; it is \"{text}\".");
}
