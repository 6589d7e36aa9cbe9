using System.Text.Json.Nodes;
using AgentSystem.Benchmarks.SupplyChain;
using AgentSystem.Tests.Architecture;

namespace AgentSystem.Tests.Benchmarks.SupplyChain;

public sealed class BillOfMaterialsTests
{
    private static readonly LockedProject[] Projects =
        [.. Repository.Projects.Select(static project => project.Name).Where(static name => name is not ("AgentSystem.Tests" or "AgentSystem.Benchmarks") && Repository.Exists($"{name}/packages.lock.json"))
            .Select(static name => LockedProject.Read(name, Repository.File($"{name}/packages.lock.json").Text))];

    private static readonly JsonObject Bill = BillOfMaterials.Of(Projects);

    [Fact]
    public void Bill_OfTheRepository_NamesEveryLockedPackageWithItsHash()
    {
        var components = Bill["components"]!.AsArray().Where(static component => component!["purl"] is not null).ToDictionary(static component => (string)component!["purl"]!, static component => (string)component!["properties"]![0]!["value"]!);

        Assert.NotEmpty(Projects);
        Assert.All(Projects.SelectMany(static project => project.Packages), package => Assert.Equal(package.ContentHash, components[$"pkg:nuget/{package.Name}@{package.Version}"]));
    }

    [Fact]
    public void Bill_OfTheRepository_PointsOnlyAtWhatItNames()
    {
        var known = Bill["components"]!.AsArray().Select(static component => (string)component!["bom-ref"]!).ToHashSet(StringComparer.Ordinal);

        Assert.Equal(Bill["components"]!.AsArray().Count, known.Count);
        Assert.All(Bill["dependencies"]!.AsArray(), dependency =>
        {
            Assert.Contains((string)dependency!["ref"]!, known);
            Assert.All(dependency["dependsOn"]!.AsArray(), need => Assert.Contains((string)need!, known));
        });
    }

    [Fact]
    public void Bill_OfTheSameLockFiles_IsTheSameAndOfOthersAnother()
    {
        var other = BillOfMaterials.Of([.. Projects.Skip(1)]);

        Assert.Equal(Bill.ToJsonString(), BillOfMaterials.Of(Projects).ToJsonString());
        Assert.NotEqual((string)Bill["serialNumber"]!, (string)other["serialNumber"]!);
        Assert.Equal(("CycloneDX", "1.6"), ((string)Bill["bomFormat"]!, (string)Bill["specVersion"]!));
    }
}
