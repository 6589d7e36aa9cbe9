using System.Text.Json;

namespace AgentSystem.Benchmarks.SupplyChain;

/// <summary>A package as the lock files pin it.</summary>
/// <param name="Name">Its id.</param>
/// <param name="Version">Its exact version.</param>
/// <param name="ContentHash">NuGet's SHA-512 over its content without signature, in base64.</param>
/// <param name="Needs">Ids of packages it needs.</param>
internal sealed record LockedPackage(string Name, string Version, string ContentHash, IReadOnlyList<string> Needs);

/// <summary>What one project is built of, from its <c>packages.lock.json</c>.</summary>
/// <param name="Name">The project.</param>
/// <param name="Direct">Packages it names itself.</param>
/// <param name="Projects">Projects it references.</param>
/// <param name="Packages">All packages, the packages of packages included.</param>
internal sealed record LockedProject(string Name, IReadOnlyList<string> Direct, IReadOnlyList<string> Projects, IReadOnlyList<LockedPackage> Packages)
{
    /// <summary>Reads a lock file of any target frameworks.</summary>
    public static LockedProject Read(string name, string lockFile)
    {
        using var document = JsonDocument.Parse(lockFile);
        var entries = document.RootElement.GetProperty("dependencies").EnumerateObject().SelectMany(static framework => framework.Value.EnumerateObject()).ToArray();
        return new LockedProject(
            name,
            [.. Of(entries, "Direct").Select(static entry => entry.Name).Distinct(StringComparer.OrdinalIgnoreCase)],
            [.. Of(entries, "Project").Select(static entry => entry.Name).Distinct(StringComparer.OrdinalIgnoreCase)],
            [.. entries.Where(static entry => entry.Value.TryGetProperty("contentHash", out _)).DistinctBy(static entry => entry.Name, StringComparer.OrdinalIgnoreCase).Select(Package)]);
    }

    private static IEnumerable<JsonProperty> Of(IEnumerable<JsonProperty> entries, string type) => entries.Where(entry => entry.Value.GetProperty("type").GetString() == type);

    private static LockedPackage Package(JsonProperty entry) => new(
        entry.Name, entry.Value.GetProperty("resolved").GetString()!, entry.Value.GetProperty("contentHash").GetString()!,
        entry.Value.TryGetProperty("dependencies", out var needs) ? [.. needs.EnumerateObject().Select(static need => need.Name)] : []);
}
