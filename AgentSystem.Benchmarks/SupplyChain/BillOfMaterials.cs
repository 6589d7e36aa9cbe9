using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentSystem.Benchmarks.SupplyChain;

/// <summary>
/// The bill of materials of what ships, as CycloneDX 1.6 JSON, written from the lock files: what is restored in locked mode is what stands here. The same lock files always give the same bytes.
/// </summary>
internal static class BillOfMaterials
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Reads the lock files of a checkout and writes the bill.</summary>
    public static async Task<int> WriteAsync(string root, string file, CancellationToken cancellation)
    {
        var projects = new List<LockedProject>();
        foreach (var path in Directory.EnumerateFiles(root, "packages.lock.json", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 }).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(Path.GetDirectoryName(path)!);
            if (Ships(name))
            {
                projects.Add(LockedProject.Read(name, await File.ReadAllTextAsync(path, cancellation)));
            }
        }

        if (projects.Count == 0)
        {
            await Console.Error.WriteLineAsync($"No packages.lock.json under {root}: run this in a checkout, and restore once.");
            return 1;
        }

        var bill = Of(projects);
        await File.WriteAllTextAsync(file, bill.ToJsonString(Indented) + "\n", cancellation);
        Console.WriteLine($"{file}: {bill["components"]!.AsArray().Count} components of {projects.Count} projects.");
        return 0;
    }

    /// <summary>The bill of these projects.</summary>
    public static JsonObject Of(IReadOnlyCollection<LockedProject> projects)
    {
        var packages = projects.SelectMany(static project => project.Packages).DistinctBy(static package => Reference(package)).OrderBy(static package => Reference(package), StringComparer.Ordinal).ToArray();
        var components = new JsonArray([.. projects.Select(Component), .. packages.Select(Component)]);
        var dependencies = new JsonArray([.. projects.Select(Dependencies), .. packages.Select(package => Dependencies(package, projects))]);
        var bill = new JsonObject
        {
            ["bomFormat"] = "CycloneDX",
            ["specVersion"] = "1.6",
            ["version"] = 1,
            ["metadata"] = new JsonObject { ["component"] = new JsonObject { ["type"] = "application", ["bom-ref"] = "agentsystem", ["name"] = "AgentSystem", ["licenses"] = new JsonArray(new JsonObject { ["license"] = new JsonObject { ["id"] = "Apache-2.0" } }) } },
            ["components"] = components,
            ["dependencies"] = dependencies,
        };
        bill.Insert(2, "serialNumber", Serial(bill.ToJsonString()));
        return bill;
    }

    private static bool Ships(string project) => project.StartsWith("AgentSystem.", StringComparison.Ordinal) && project is not ("AgentSystem.Tests" or "AgentSystem.Benchmarks");

    private static JsonNode Component(LockedProject project) => new JsonObject { ["type"] = "library", ["bom-ref"] = project.Name, ["name"] = project.Name };

    private static JsonNode Component(LockedPackage package) => new JsonObject
    {
        ["type"] = "library",
        ["bom-ref"] = Reference(package),
        ["name"] = package.Name,
        ["version"] = package.Version,
        ["purl"] = Reference(package),
        // Not the hash of the file a feed serves: NuGet leaves the signature out of it.
        ["properties"] = new JsonArray(new JsonObject { ["name"] = "nuget:contentHash:sha512", ["value"] = package.ContentHash }),
    };

    private static JsonNode Dependencies(LockedProject project) => new JsonObject
    {
        ["ref"] = project.Name,
        ["dependsOn"] = new JsonArray([.. project.Projects.Select(static name => name.StartsWith("agentsystem.", StringComparison.OrdinalIgnoreCase) ? "AgentSystem." + Capital(name) : name)
            .Concat(project.Packages.Where(package => project.Direct.Contains(package.Name, StringComparer.OrdinalIgnoreCase)).Select(Reference)).Order(StringComparer.Ordinal).Select(static name => (JsonNode)name)]),
    };

    /// <summary>What a package needs, at the version the projects that use it have; projects can be locked to different versions, so each is named.</summary>
    private static JsonNode Dependencies(LockedPackage package, IReadOnlyCollection<LockedProject> projects) => new JsonObject
    {
        ["ref"] = Reference(package),
        ["dependsOn"] = new JsonArray([.. projects.Where(project => project.Packages.Any(each => Reference(each) == Reference(package)))
            .SelectMany(project => project.Packages.Where(each => package.Needs.Contains(each.Name, StringComparer.OrdinalIgnoreCase))).Select(Reference).Distinct().Order(StringComparer.Ordinal).Select(static name => (JsonNode)name)]),
    };

    private static string Reference(LockedPackage package) => $"pkg:nuget/{package.Name}@{package.Version}";

    // Lock files write the names of projects in lower case.
    private static string Capital(string name) => name["agentsystem.".Length..] switch
    {
        "servicedefaults" => "ServiceDefaults",
        "apphost" => "AppHost",
        var one => char.ToUpperInvariant(one[0]) + one[1..],
    };

    /// <summary>A serial number that is the content's: two bills of the same content are the same bill.</summary>
    private static string Serial(string content) => "urn:uuid:" + new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(content)).AsSpan(0, 16));
}
